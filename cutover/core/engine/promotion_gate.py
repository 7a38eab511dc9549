"""The gate at a pause that waits for somebody: its conditions, and the write that passes the pause.

It opens when the canary pods of the step are Ready and stable has what the step grants it, both for `hold` seconds,
and nothing is suspected. A cluster that could not be read for too long is a suspicion too (`signals.time_limits`).
"""

from dataclasses import replace

from cutover.core.engine.run_view import RevisionView, RunView
from cutover.core.engine.state import NEVER, State
from cutover.core.objects.canary_steps import FULL, steps_table, weight_at
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.rollout import PauseCondition, RolloutView
from cutover.core.plan.model import Promotion
from cutover.core.writes.guards import fenced
from cutover.core.writes.promote import CANARY_PAUSE, INCONCLUSIVE, promote_full_write, promote_pause_write
from cutover.core.writes.write import Write


def notice_steady(state: State, view: RunView) -> State:
    """Note since when the gate's conditions have held without a break."""
    since = min(state.steady_since, view.now) if _steady(state, view) else NEVER
    return replace(state, steady_since=since)


def opens_at(state: State) -> float:
    """Return the monotonic moment at which the gate opens; `NEVER` while its conditions do not hold."""
    return state.steady_since + state.run_spec.deadlines.hold


def passing_write(state: State, rollout: RolloutView, pause: PauseCondition) -> Write:
    """Return the write that passes the pause, by the plan's way of promotion."""
    run_spec = state.run_spec
    if run_spec.promotion is Promotion.FULL:
        return fenced(
            promote_full_write(run_spec.target, run_spec.uid, state.canary_hash, run_spec.base_hash), run_spec.owner
        )
    return fenced(promote_pause_write(run_spec.target, run_spec.uid, rollout.status, pause), run_spec.owner)


def open_pause(state: State, rollout: RolloutView) -> PauseCondition | None:
    """Return the indefinite pause step at which the Rollout waits; None where it waits for any other reason."""
    status = rollout.status
    if status.current_pod_hash != state.canary_hash or status.abort or rollout.paused or not rollout.observed:
        return None
    if not _indefinite(rollout) or any(pause.reason != CANARY_PAUSE for pause in status.pauses):
        return None
    return status.pauses[0] if status.pauses else None


def inconclusive_pause(state: State, rollout: RolloutView) -> PauseCondition | None:
    """Return the pause of an analysis or experiment that could not judge the canary: only a person ends it."""
    status = rollout.status
    if status.current_pod_hash != state.canary_hash or status.abort or not rollout.observed:
        return None
    return next((pause for pause in status.pauses if pause.reason in INCONCLUSIVE), None)


def unjudged(view: RunView) -> str:
    """Return what could not judge the canary, with its metrics; an experiment has no AnalysisRun of the Rollout's."""
    runs = [run for run in view.runs if run.phase == "Inconclusive"]
    metrics = [metric.name for run in runs for metric in run.metrics if metric.phase == "Inconclusive"]
    named = ", ".join(run.meta.name for run in runs)
    by = f" (metric {', '.join(metrics)})" if metrics else ""
    return f"{f'analysis {named}' if named else 'an analysis'} is inconclusive{by}"


def waits_for_somebody(state: State, rollout: RolloutView) -> bool:
    """Tell whether the Rollout stands at a pause that does not end by itself."""
    return open_pause(state, rollout) is not None or inconclusive_pause(state, rollout) is not None


def _indefinite(rollout: RolloutView) -> bool:
    return any(step.indefinite for step in steps_table(rollout) if step.index == rollout.status.step_index)


def _steady(state: State, view: RunView) -> bool:
    rollout = view.rollout
    at_pause = isinstance(rollout, RolloutView) and open_pause(state, rollout) is not None
    return at_pause and is_sound(state, view)


def is_sound(state: State, view: RunView) -> bool:
    """Tell whether canary and stable have all that the step grants them, and nothing is suspected."""
    rollout = view.rollout
    if not isinstance(rollout, RolloutView) or state.suspicions or state.questioned_at != NEVER:
        return False
    return not rollout.restarting and view.canary.whole and has_what_is_granted(view.stable, rollout)


def has_what_is_granted(stable: RevisionView, rollout: RolloutView) -> bool:
    """Tell whether stable has every pod that its ReplicaSet should hold; at a weight of 100 that may be none."""
    none_left = isinstance(stable.replicaset, ReplicaSetView) and stable.desired == 0
    return stable.whole or (none_left and weight_at(rollout.steps, rollout.status.step_index) == FULL)
