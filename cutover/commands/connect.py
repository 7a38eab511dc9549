"""From the command line to a plan, its cluster, and the reading of it. Light: what judges it is loaded meanwhile."""

from dataclasses import field, replace

from cutover.adapters.background import Background
from cutover.adapters.forked_work import ForkedWork
from cutover.adapters.kube.namespace_objects import surroundings
from cutover.adapters.kube.session import Session, connect, load_client
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.commands.inputs import Supply, supply_of, wanted_configs, with_references
from cutover.commands.load_plan import LoadedPlan, suffix_of
from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.model import Plan


@frozen
class ClusterFlags:
    """What the command line says about the cluster: kubectl's flags, empty where not given."""

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""


@frozen
class Connected:
    """A plan with its values from outside, and the cluster that it is for. Nothing of the target has been read.

    `suffix` ends the names of the Secrets that this process would make. `loaded` is what the plan came from.
    """

    loaded: LoadedPlan
    plan: Plan
    session: Session
    target: Target
    supply: Supply
    suffix: str


@frozen
class StartedSnapshot:
    """A plan, and its ground while it is being read: all requests are under way together."""

    reached: Connected
    snapshot: Background[Snapshot] = field(repr=False)


def connect_plan(loading: ForkedWork[LoadedPlan], where: ClusterFlags) -> Connected:
    """A plan that is being loaded, and its cluster.

    Raises:
        CutoverError: the plan is invalid, or there is no way to the cluster that it names.
    """
    if loading.under_way:
        load_client()
    loaded = loading.result()
    plan = loaded.plan
    demand_agreement(plan, where)
    session = connect(where.kubeconfig, where.context or plan.target.context)
    target = replace(plan.target, context=session.context)
    suffix = suffix_of(loaded)
    return Connected(loaded, plan, session, target, supply_of(plan), suffix)


def start_snapshot(reached: Connected) -> StartedSnapshot:
    """Begin to read what the plan is about; `snapshot.result()` raises what `read_snapshot` raises."""
    return StartedSnapshot(reached, Background(lambda: _snapshot(reached)))


def _snapshot(reached: Connected) -> Snapshot:
    session, target = reached.session, reached.target
    around = Background(lambda: surroundings(session, target.namespace))
    snapshot = with_references(session, read_snapshot(session, target, wanted_configs(reached.plan)))
    return replace(snapshot, surroundings=around.result())


def demand_agreement(plan: Plan, where: ClusterFlags) -> None:
    """Flags that disagree with the plan are refused; they never redirect it to another place."""
    pairs = (("--context", where.context, plan.target.context), ("-n", where.namespace, plan.target.namespace))
    problems = [_disagreement(plan, *pair) for pair in pairs if pair[1] and pair[2] and pair[1] != pair[2]]
    if problems:
        raise UsageError(*problems)


def _disagreement(plan: Plan, flag: str, given: str, planned: str) -> Problem:
    return Problem(
        f"{flag} says {given!r}, the plan says {planned!r}",
        path="spec.target",
        file=plan.file,
        remedy=f"leave {flag} out, or change the plan and have it reviewed again",
    )


# Which Rollout a command without a plan is about.


@frozen
class AppFlags:
    """What the command line says: the application names its Rollout, and its namespace where none is given."""

    name: str
    namespace: str = ""
    kubeconfig: str = ""
    context: str = ""


def connect_app(app: AppFlags) -> tuple[Session, Target]:
    """The cluster and the Rollout that are meant. Nothing is read yet.

    Raises:
        CutoverError: there is no way to that cluster.
    """
    session = connect(app.kubeconfig, app.context)
    return session, Target(app.name, app.namespace or app.name, app.name, session.context)
