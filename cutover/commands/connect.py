"""Connecting to the cluster of a plan or of an application: finish loading the plan, connect, begin the snapshot.

This module is cheap to import, so that the modules that evaluate a plan can be loaded while the cluster is read.
"""

from dataclasses import field, replace

from cutover.adapters.background import Background
from cutover.adapters.kube.namespace_objects import read_namespace_objects
from cutover.adapters.kube.session import Session, connect
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.commands.load_plan import LoadedPlan, suffix_of
from cutover.commands.resolve_inputs import Supply, supply_of, wanted_configs, with_references
from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.model import Plan


@frozen
class ClusterFlags:
    """What the command line says about the cluster: kubectl's flags, empty if not given."""

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""


@frozen
class Connected:
    """A plan with its values from outside, and a session with its cluster. Nothing of the target has been read.

    `suffix` ends the names of the Secrets that this process would make. `loaded` is the plan with its text and review.
    """

    loaded: LoadedPlan
    plan: Plan
    session: Session
    target: Target
    supply: Supply
    suffix: str


@frozen
class StartedSnapshot:
    """A plan, and the snapshot of its target while it is being read, with all requests in parallel."""

    connected: Connected
    snapshot: Background[Snapshot] = field(repr=False)


def connect_plan(loaded: LoadedPlan, where: ClusterFlags) -> Connected:
    """Connect to the cluster of a plan.

    Raises:
        CutoverError: the flags disagree with the plan, or there is no access to the cluster that it names.
    """
    plan = loaded.plan
    demand_agreement(plan, where)
    session = connect(where.kubeconfig, where.context or plan.target.context)
    target = replace(plan.target, context=session.context)
    suffix = suffix_of(loaded)
    return Connected(loaded, plan, session, target, supply_of(plan), suffix)


def start_snapshot(connected: Connected) -> StartedSnapshot:
    """Begin to read the plan's target; `snapshot.result()` raises what `read_snapshot` raises."""
    return StartedSnapshot(connected, Background(lambda: _snapshot(connected)))


def _snapshot(connected: Connected) -> Snapshot:
    session, target = connected.session, connected.target
    around = Background(lambda: read_namespace_objects(session, target.namespace))
    snapshot = with_references(session, read_snapshot(session, target, wanted_configs(connected.plan)))
    return replace(snapshot, namespace_objects=around.result())


def demand_agreement(plan: Plan, where: ClusterFlags) -> None:
    """Refuse flags that disagree with the plan: they must not direct it to another target."""
    pairs = (("--context", where.context, plan.target.context), ("-n", where.namespace, plan.target.namespace))
    problems = [_disagreement(plan, *pair) for pair in pairs if pair[1] and pair[2] and pair[1] != pair[2]]
    if problems:
        raise UsageError(*problems)


def _disagreement(plan: Plan, flag: str, flag_value: str, planned: str) -> Problem:
    return Problem(
        f"{flag} says {flag_value!r}, the plan says {planned!r}",
        path="spec.target",
        file=plan.file,
        remedy=f"leave {flag} out, or change the plan and have it reviewed again",
    )


@frozen
class AppFlags:
    """The command line of a command without a plan: `name` is the Rollout's, and the namespace's if none is given."""

    name: str
    namespace: str = ""
    kubeconfig: str = ""
    context: str = ""


def connect_app(app: AppFlags) -> tuple[Session, Target]:
    """Connect to the cluster and name the Rollout; read nothing yet.

    Raises:
        CutoverError: there is no access to that cluster.
    """
    session = connect(app.kubeconfig, app.context)
    return session, Target(app.name, app.namespace or app.name, app.name, session.context)
