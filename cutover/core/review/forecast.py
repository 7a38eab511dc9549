"""Forecasts step by step what happens if a plan is applied, for the reviewer who has to approve it.

The pods of each step follow Argo's own arithmetic (`core.objects.canary_steps`); what the run does there follows from
the plan.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.objects.canary_steps import FULL, StepCounts, dips, is_plain_canary, steps_table, walks_steps
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.step_kinds import StepKind
from cutover.core.plan.deadlines import Deadlines, ReadyLimit
from cutover.core.plan.model import OnFailure, Plan, PointOfNoReturn, Promotion


@frozen
class Stage:
    """One step, or the promotion at the end: its pods once all are available, and in words what the run does there."""

    name: str
    weight: int
    canary: int
    stable: int
    then: str


@frozen
class Forecast:
    """The stages in their order, the promotion last.

    `abort_within` is the longest time in seconds from the write to the abort of a canary of which no pod becomes Ready;
    `serving` is the smallest number of stable pods, of `replicas`, that serve meanwhile. `notes` are sentences.
    """

    stages: tuple[Stage, ...]
    abort_within: float
    serving: int
    replicas: int
    notes: tuple[str, ...] = ()

    @property
    def bound(self) -> str:
        """Return in one sentence how long a bad canary can live, and how many stable pods serve meanwhile."""
        return (
            f"with a value that makes no pod Ready: aborted {self.abort_within:g} s after the write at the latest, "
            f"{self.serving} of {self.replicas} stable pods serve"
        )


@frozen
class NoForecast:
    """Takes the place of a forecast that cannot be made; `reason` says why."""

    reason: str


def forecast_of(plan: Plan, rollout: RolloutView, deadlines: Deadlines, limit: ReadyLimit) -> Forecast | NoForecast:
    """Forecast what the plan does to this Rollout within these deadlines; `limit` says what `ready_within` rests on."""
    if is_plain_canary(rollout) and not walks_steps(rollout):
        return NoForecast("Argo calls a step of it invalid, and its controller does nothing with such a Rollout")
    if not walks_steps(rollout):
        return NoForecast("the Rollout is not a canary of steps without a traffic router")
    if not rollout.replicas:
        return NoForecast("the Rollout has no replicas")
    table = steps_table(rollout)
    return Forecast(
        stages=(*(_stage(step, _then(step, plan, deadlines, table)) for step in table), _promotion(rollout, deadlines)),
        abort_within=deadlines.adopt_within + deadlines.ready_within,
        serving=min((dip.serving for dip in dips(rollout)), default=rollout.replicas),
        replicas=rollout.replicas,
        notes=(
            _FAILURE[plan.on_failure],
            _NO_RETURN[plan.point_of_no_return],
            f"the {limit.seconds:g} s to become Ready: {limit.rests_on}",
        ),
    )


def _stage(step: StepCounts, then: str) -> Stage:
    return Stage(_name(step), step.weight, step.canary, step.stable, then)


def _promotion(rollout: RolloutView, deadlines: Deadlines) -> Stage:
    return Stage(
        "promotion", FULL, rollout.replicas, 0, f"every pod is the plan's; watched for {deadlines.bake:g} s more"
    )


def _name(step: StepCounts) -> str:
    match step.kind:
        case StepKind.SET_WEIGHT:
            return f"setWeight {step.weight}"
        case StepKind.PAUSE:
            return "pause" if step.indefinite else f"pause {step.duration}s"
        case _:
            return _kind(step)


def _kind(step: StepCounts) -> str:
    return "unknown" if step.kind is None else step.kind.value


def _then(step: StepCounts, plan: Plan, deadlines: Deadlines, table: tuple[StepCounts, ...]) -> str:
    before = [earlier for earlier in table[: step.index] if _waits_for_a_person(earlier)]
    if before and plan.promotion is Promotion.FULL:
        return "skipped: the run promotes all the way at the first pause"
    if _waits_for_a_person(step):
        return _AT_A_PAUSE[plan.promotion, bool(before)].format(hold=f"{deadlines.hold:g} s")
    match step.kind:
        case StepKind.SET_WEIGHT if step.weight:
            return f"each canary pod is Ready within {deadlines.ready_within:g} s of its creation, or the run goes back"
        case StepKind.PAUSE if not step.indefinite:
            return f"the Rollout goes on by itself after {step.duration} s"
        case StepKind.PAUSE:
            return "the Rollout waits for a person"
        case StepKind.ANALYSIS:
            return "the Rollout's own analysis decides"
        case StepKind.EXPERIMENT:
            return "the Rollout's own experiment decides; it brings pods of its own"
        case StepKind.PLUGIN:
            return "a plugin of the controller decides when to go on"
        case _:
            return "the Rollout goes its own way"


def _waits_for_a_person(step: StepCounts) -> bool:
    """Whether the run decides at this step: a pause without duration, with canary and stable side by side."""
    return step.indefinite and 0 < step.weight < FULL


_AT_A_PAUSE: Final[Mapping[tuple[Promotion, bool], str]] = MappingProxyType(
    {
        (Promotion.STEPS, False): "the run ends here for a person (exit 12), once the canary has held for {hold}",
        (Promotion.STEPS, True): "the Rollout waits for a person",
        (Promotion.AUTO, False): "passed once the canary has held for {hold}",
        (Promotion.AUTO, True): "passed once the canary has held for {hold}",
        (Promotion.FULL, False): "promoted all the way from here, once the canary has held for {hold}",
    }
)
"""What the run does at an indefinite pause, by promotion and whether there was one before (DESIGN section 4)."""

_FAILURE: Final[Mapping[OnFailure, str]] = MappingProxyType(
    {
        OnFailure.RESTORE: "a failure is aborted, the old template put back, and stable verified (exit 10)",
        OnFailure.ABORT: "a failure is aborted and stable verified; the plan's values stay in the spec (exit 15)",
        OnFailure.HOLD: "a failure writes nothing: the pause holds the canary, and stable is verified (exit 15)",
    }
)


_NO_RETURN: Final[Mapping[PointOfNoReturn, str]] = MappingProxyType(
    {
        PointOfNoReturn.NONE: "a failure after the promotion is moved back by a new rollout (exit 16)",
        PointOfNoReturn.CANARY_READY: "once a canary pod was Ready nothing automatic points back (exit 11)",
        PointOfNoReturn.PROMOTION: "once it is promoted nothing automatic points back (exit 11)",
    }
)
