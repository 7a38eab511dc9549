"""A plan judged on its ground: resolved, held against its review, and checked. The same with a cluster and without."""

from dataclasses import field

from cutover.commands.inputs import Supply, redactor_of, stock_of, values_of
from cutover.commands.load_plan import Loaded
from cutover.commands.reviewed import demand_reviewed
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.checks import run_all
from cutover.core.checks.allowances import accepted, unused
from cutover.core.checks.check import Ground
from cutover.core.checks.finding import Finding, refusals
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.edit import Edits
from cutover.core.patch.resolve import resolve
from cutover.core.plan.credentials import plan_credentials
from cutover.core.plan.deadlines import timing_of
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.probes import probes
from cutover.core.review.coverage import Coverage, coverage_of
from cutover.core.review.forecast import Forecast, NoForecast, forecast_of
from cutover.core.review.rollback_readiness import BackLine, way_back_of


@frozen
class Judged:
    """Everything that can be known of a plan before anything is written. `text` is the plan's own."""

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


def judged_on(ground: Snapshot, loaded: Loaded, supply: Supply, suffix: str) -> Judged:
    """The plan judged on what was read, or on what files hold.

    Raises:
        RefusedError: it cannot be resolved there.
        StaleError: the ground is not what the plan, or its review, was made for.
    """
    plan = loaded.plan
    redactor = redactor_of(ground, (*plan_credentials(plan), *values_of(supply)))
    edits = resolve(plan, ground.rollout.template, redactor, stock_of(ground, supply, suffix))
    for review in loaded.review:
        demand_reviewed(review, ground, edits, redactor)
    found = run_all(Ground(ground, plan, edits))
    findings = (*accepted(found, plan), *unused(found, plan))
    return Judged(plan, ground, edits, redactor, findings, loaded.text, suffix)
