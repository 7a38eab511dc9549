"""Load, read, resolve, check: what every command does before anything else. Nothing here writes."""

from dataclasses import dataclass, field, replace

from cutover.core.allowing import accepted, unused
from cutover.core.briefing import probes
from cutover.core.checks import run_all
from cutover.core.checks.check import Ground
from cutover.core.checks.finding import Finding, refusals
from cutover.core.coverage import Coverage, coverage_of
from cutover.core.edit import Edits
from cutover.core.edits import resolve
from cutover.core.errors import Problem, UsageError
from cutover.core.forecast import Forecast, NoForecast, forecast_of
from cutover.core.plan.credentials import plan_credentials
from cutover.core.plan.model import Plan
from cutover.core.redact import Redactor
from cutover.core.timing import timing_of
from cutover.core.views.rollout import RolloutView, phase_of
from cutover.core.way_back import BackLine, way_back_of
from cutover.core.world import Snapshot, Target
from cutover.edge.kube.session import Session, connect
from cutover.edge.kube.snapshot import snapshot
from cutover.edge.run_key import random_suffix
from cutover.run.gathering import (
    Supply,
    redactor_for,
    stock_of,
    supply_of,
    values_of,
    wanted_configs,
    with_references,
)
from cutover.run.loading import Loaded, load_file
from cutover.run.reviewed import demand_reviewed


@dataclass(frozen=True, slots=True)
class Where:
    """What the command line says about the cluster: kubectl's flags, empty where not given."""

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan on its ground: everything that can be known before anything is written."""

    session: Session
    plan: Plan
    snapshot: Snapshot
    edits: Edits
    redactor: Redactor
    findings: tuple[Finding, ...]
    text: str = field(repr=False)
    suffix: str

    @property
    def refused(self) -> tuple[Finding, ...]:
        """The findings because of which nothing may be written."""
        return refusals(self.findings)

    @property
    def forecast(self) -> Forecast | NoForecast:
        """What will happen, step by step."""
        timing = timing_of(self.plan, self.snapshot, self.edits.containers, timeout=float("inf"))
        return forecast_of(self.plan, self.snapshot.rollout, timing)

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """Which classes of bad cutovers a run would notice."""
        return coverage_of(self.snapshot.rollout.strategy, probes(self.edits.after, self.edits.containers))

    @property
    def way_back(self) -> tuple[BackLine, ...]:
        """Whether the way back can work."""
        return way_back_of(self.snapshot, self.edits)

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
    ground = with_references(session, snapshot(session, reached.target, wanted_configs(plan)))
    redactor = redactor_for(session, ground, (*plan_credentials(plan), *values_of(reached.supply)))
    edits = resolve(plan, ground.rollout.template, redactor, stock_of(ground, reached.supply, reached.suffix))
    for review in reached.loaded.review:
        demand_reviewed(review, ground, edits, redactor)
    found = run_all(Ground(ground, plan, edits))
    findings = (*accepted(found, plan), *unused(found, plan))
    return Prepared(session, plan, ground, edits, redactor, findings, reached.loaded.text, reached.suffix)


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
