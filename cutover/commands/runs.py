"""`cutover runs`: read the journals on this computer, list the runs in the cluster, merge both."""

from cutover.adapters.journal import journals
from cutover.adapters.kube import read
from cutover.adapters.kube.session import Session, connect
from cutover.adapters.run_identity import run_key
from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.errors import CutoverError
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.objects.read_results import ReadFailed
from cutover.core.review.runs import RunLine, run_of, runs_in, together


@frozen
class FoundRuns:
    """The runs, and in words what could not be read, each with the reason."""

    runs: tuple[RunLine, ...]
    unseen: tuple[str, ...] = ()


def find_runs(namespace: str, kubeconfig: str, context: str) -> FoundRuns:
    """Find the runs in a namespace, or in all if it is empty, both in the cluster and in this computer's journals.

    The runs of this computer are returned even if the cluster cannot be reached.
    """
    here = tuple(line for journal in journals() for line in run_of(journal))
    wanted = tuple(line for line in here if not namespace or line.target.startswith(f"{namespace}/"))
    try:
        cluster, unseen = _in_cluster(connect(kubeconfig, context), namespace)
    except CutoverError as error:
        cluster, unseen = (), (f"the cluster: {error.problems[0]}",)
    return FoundRuns(together(wanted, cluster, looked=not unseen), tuple(map(Redactor(run_key()).words, unseen)))


def _in_cluster(session: Session, namespace: str) -> tuple[tuple[RunLine, ...], tuple[Words, ...]]:
    rollouts, leases = read.rollouts(session, namespace), read.leases(session, namespace)
    if isinstance(rollouts, ReadFailed):
        return (), (sentence(f"{rollouts.what}: ", rollouts.reason),)
    if isinstance(leases, ReadFailed):
        return runs_in(rollouts, ()), (sentence(f"{leases.what}: ", leases.reason),)
    return runs_in(rollouts, leases), ()
