"""Load, read, resolve, check: what every command does before anything else. Nothing here writes."""

from dataclasses import fields, replace

from cutover.core.errors import Problem, UsageError
from cutover.core.frozen import frozen
from cutover.core.plan.model import Plan
from cutover.core.target import Target
from cutover.core.views.rollout import RolloutView, phase_of
from cutover.edge.kube.session import Session, connect
from cutover.edge.kube.snapshot import snapshot
from cutover.edge.kube.surroundings import surroundings
from cutover.edge.later import Later
from cutover.edge.run_key import random_suffix
from cutover.run.gathering import Supply, supply_of, wanted_configs, with_references
from cutover.run.judging import Judged, judged_on
from cutover.run.loading import Loaded, load_file


@frozen
class Where:
    """What the command line says about the cluster: kubectl's flags, empty where not given."""

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""


@frozen
class Reached:
    """A plan with its values from outside, and the cluster that it is for. Nothing of the target has been read.

    `suffix` ends the names of the Secrets that this process would make. `loaded` is what the plan came from.
    """

    loaded: Loaded
    plan: Plan
    session: Session
    target: Target
    supply: Supply
    suffix: str


@frozen
class Prepared(Judged):
    """A plan on the ground of a cluster."""

    session: Session

    @property
    def settled(self) -> bool:
        """Whether the Rollout stands still, on one revision, and well."""
        return settled(self.snapshot.rollout)


def settled(rollout: RolloutView) -> bool:
    """Whether the Rollout stands still, on one revision, and well."""
    return bool(rollout.settled_hash) and phase_of(rollout).name == "Healthy"


def prepare(file: str, where: Where) -> Prepared:
    """Everything up to the first thing that could be refused.

    Raises:
        CutoverError: the plan is invalid, the cluster unreachable, the Rollout missing or not as the plan expects.
    """
    return judge(reach(file, where))


def reach(file: str, where: Where) -> Reached:
    """Load the plan and find its cluster.

    Raises:
        CutoverError: the plan is invalid, or there is no way to the cluster that it names.
    """
    loaded = load_file(file)
    plan = loaded.plan
    agree(plan, where)
    session = connect(where.kubeconfig, where.context or plan.target.context)
    target = replace(plan.target, context=session.context)
    suffix = next((review.suffix for review in loaded.review), random_suffix())
    return Reached(loaded, plan, session, target, supply_of(plan), suffix)


def judge(reached: Reached) -> Prepared:
    """Read what the plan is about, resolve it, check it.

    Raises:
        CutoverError: the cluster is unreachable, the Rollout missing or not as the plan expects.
    """
    plan, session = reached.plan, reached.session
    around = Later(lambda: surroundings(session, reached.target.namespace))
    ground = with_references(session, snapshot(session, reached.target, wanted_configs(plan)))
    ground = replace(ground, surroundings=around.result())
    judged = judged_on(ground, reached.loaded, reached.supply, reached.suffix)
    return Prepared(**{each.name: getattr(judged, each.name) for each in fields(judged)}, session=session)


def agree(plan: Plan, where: Where) -> None:
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
