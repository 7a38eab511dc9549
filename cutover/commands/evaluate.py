"""Evaluating a plan, with a cluster or offline: resolve it, compare with its review, run the checks.

Nothing here writes to the cluster.
"""

from dataclasses import field, fields

from cutover.adapters.clock import now
from cutover.adapters.kube.session import Session
from cutover.commands.connect import Connected, StartedSnapshot, start_snapshot
from cutover.commands.load_plan import LoadedPlan
from cutover.commands.resolve_inputs import Supply, inputs_of, redactor_of, values_of
from cutover.core.base.errors import StaleError
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.checks import run_all
from cutover.core.checks.allowances import accepted, unused
from cutover.core.checks.check import CheckContext
from cutover.core.checks.finding import Finding, refusals
from cutover.core.checks.workload_ref import demand_own_template
from cutover.core.objects.rollout import RolloutView, phase_of
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edits
from cutover.core.patch.edits_proof import prove_edits
from cutover.core.patch.resolve import resolve
from cutover.core.plan.deadlines import deadlines_of, ready_limit
from cutover.core.plan.model import Plan, plan_credentials
from cutover.core.podtemplate.probes import probes
from cutover.core.review.detection_coverage import Coverage, coverage_of
from cutover.core.review.forecast import Forecast, NoForecast, forecast_of
from cutover.core.review.reviewed_plan import Review, moved, reviewed_state
from cutover.core.review.rollback_readiness import ReadinessLine, rollback_readiness


@frozen
class Evaluation:
    """A plan, resolved and checked before anything is written. `text` is the plan's own."""

    plan: Plan
    snapshot: Snapshot
    edits: Edits
    redactor: Redactor
    findings: tuple[Finding, ...]
    text: str = field(repr=False)
    suffix: str

    @property
    def refused(self) -> tuple[Finding, ...]:
        """The findings that forbid every write; empty if the plan may be applied."""
        return refusals(self.findings)

    @property
    def forecast(self) -> Forecast | NoForecast:
        """The pods and the waits of each step; `NoForecast` says why they cannot be computed."""
        deadlines = deadlines_of(self.plan, self.snapshot, self.edits.containers, timeout=float("inf"))
        return forecast_of(self.plan, self.snapshot.rollout, deadlines, ready_limit(self.plan, self.snapshot))

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """One line per class of bad cutovers: whether a run would notice it, and by what."""
        return coverage_of(self.snapshot.rollout.strategy, probes(self.edits.after, self.edits.containers))

    @property
    def way_back(self) -> tuple[ReadinessLine, ...]:
        """What a rollback needs, one line each, and whether it is known to work."""
        return rollback_readiness(self.snapshot, self.edits)


def evaluate_on(snapshot: Snapshot, loaded: LoadedPlan, supply: Supply, suffix: str) -> Evaluation:
    """Evaluate a plan on a snapshot, read from the cluster or from files.

    Raises:
        RefusedError: it cannot be resolved there.
        StaleError: the snapshot is not what the plan, or its review, was made for.
    """
    plan = loaded.plan
    demand_own_template(snapshot)
    redactor = redactor_of(snapshot, (*plan_credentials(plan), *values_of(supply)))
    edits = resolve(plan, snapshot.rollout.template, redactor, inputs_of(snapshot, supply, suffix))
    if loaded.review:
        demand_reviewed(loaded.review, snapshot, edits, redactor)
    check_findings = run_all(CheckContext(snapshot, plan, edits))
    findings = (*accepted(check_findings, plan), *unused(check_findings, plan))
    return Evaluation(plan, snapshot, edits, redactor, findings, loaded.text, suffix)


@frozen
class ClusterEvaluation(Evaluation):
    """An evaluation whose snapshot was read from the cluster, with the session to go on with."""

    session: Session

    @property
    def settled(self) -> bool:
        """As the function `settled`, for the Rollout of the snapshot."""
        return settled(self.snapshot.rollout)


def settled(rollout: RolloutView) -> bool:
    """Whether no update is under way (stable and desired revision are the same) and Argo calls the Rollout Healthy."""
    return bool(rollout.settled_hash) and phase_of(rollout).name == "Healthy"


def evaluate(connected: Connected) -> ClusterEvaluation:
    """Read the plan's target, resolve the plan, check it, and prove its edits by a comparison that is not ours.

    Raises:
        CutoverError: the cluster is unreachable, the Rollout missing or not as the plan expects.
    """
    evaluation = evaluate_started(start_snapshot(connected))
    prove_edits(evaluation.edits)
    return evaluation


def evaluate_started(begun: StartedSnapshot) -> ClusterEvaluation:
    """Evaluate a plan whose cluster reads are already in flight.

    Raises:
        CutoverError: as `evaluate`.
    """
    connected = begun.connected
    evaluation = evaluate_on(begun.snapshot.result(), connected.loaded, connected.supply, connected.suffix)
    return ClusterEvaluation(
        **{each.name: getattr(evaluation, each.name) for each in fields(evaluation)}, session=connected.session
    )


def demand_reviewed(review: Review, snapshot: Snapshot, edits: Edits, redactor: Redactor) -> None:
    """Check field by field that the live state is as it was reviewed, and that the review has not expired.

    Raises:
        StaleError: the review has expired, or something has changed; the error lists all of it.
    """
    state = reviewed_state(snapshot, edits, redactor, review.salt)
    problems = (*review.expired(now().utc), *moved(review.state, state))
    if problems:
        raise StaleError(*problems)
