"""What a run waits for: who or what can end it, and when it ends by itself. No run waits in silence.

Each phase has its guards, in order; the first that applies names the wait. `notice_wait` says when it is due to be
told: once it has lasted a moment, and every half minute from then on.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.frozen import frozen
from cutover.core.engine.facts import Waiting
from cutover.core.engine.next_commands import on_the_target
from cutover.core.engine.observation import Observation
from cutover.core.engine.phase_table import PHASES
from cutover.core.engine.promotion_gate import (
    has_what_is_granted,
    inconclusive_pause,
    open_pause,
    opens_at,
    unjudged,
)
from cutover.core.engine.run_view import RunView, observed_run_view
from cutover.core.engine.state import NEVER, Phase, State
from cutover.core.objects.canary_steps import StepCounts, steps_table
from cutover.core.objects.rollout import RolloutView
from cutover.core.objects.step_kinds import StepKind

TOLD_AFTER: Final = 1.0
"""Seconds that a wait lasts before it is told: what is over within a moment is told by what follows."""

TOLD_EVERY: Final = 30.0
"""Seconds between two tellings of the same wait."""


@frozen
class Wait:
    """One wait. `about` stays the same while the wait is the same; `text` is told, without the limit.

    `ends_at` is when it ends by itself at the latest (monotonic, `NEVER` where it does not), `ended_by` who else can
    end it.
    """

    about: str
    text: Words
    ends_at: float = NEVER
    ended_by: str = ""


@frozen
class ToldWait:
    """The wait that was last seen: since when it is the same, and when it was last told (monotonic)."""

    about: str = ""
    since: float = NEVER
    told_at: float = -NEVER


NOTHING_TOLD: Final = ToldWait()
"""Before a run waits for anything."""


def notice_wait(told: ToldWait, state: State, observation: Observation) -> tuple[ToldWait, tuple[Waiting, ...]]:
    """Return what is remembered of the run's wait, and the fact that tells it, if it is due."""
    view = observed_run_view(state, observation)
    wait = wait_of(state, view)
    if wait is None:
        return NOTHING_TOLD, ()
    if wait.about != told.about:
        return ToldWait(wait.about, view.now), ()
    if view.now < max(told.since + TOLD_AFTER, told.told_at + TOLD_EVERY):
        return told, ()
    return ToldWait(wait.about, told.since, view.now), (Waiting(wait_text(wait, view.now), wait.about),)


def wait_text(wait: Wait, now: float) -> Words:
    """Return the sentence for a wait: what for, who can end it, when it ends by itself."""
    by_itself = "" if wait.ends_at == NEVER else f"; at most {max(0.0, wait.ends_at - now):.0f} s more"
    return sentence("waiting for ", wait.text, f"; {wait.ended_by}" if wait.ended_by else "", by_itself)


def wait_of(state: State, view: RunView) -> Wait | None:
    """Return what the run waits for; None while the answer to a write is awaited, which was announced."""
    if state.pending is not None:
        return None
    wait = _waits_anywhere(state, view) or WAITS.get(state.phase, _no_wait)(state, view)
    if wait is None or state.promoted or state.failing:
        return wait
    limit = state.started + state.run_spec.deadlines.timeout
    return Wait(wait.about, wait.text, min(wait.ends_at, limit), wait.ended_by)


def _no_wait(_: State, __: RunView) -> Wait | None:
    return None


def _waits_anywhere(state: State, view: RunView) -> Wait | None:
    """Return the waits that stand above those of the phases: a person at the terminal, a cluster that is not seen."""
    limits = state.run_spec.deadlines
    if state.questioned_at != NEVER:
        return Wait("answer", "an answer at the terminal")
    if state.written and view.blind_for() > limits.blind_after:
        seen_at = view.now - view.blind_for()
        return Wait("blind", "the cluster to be readable again", seen_at + limits.blind_ends)
    return None


# -- while the canary is watched ---------------------------------------------------------------------------------------


def _canary(state: State, view: RunView) -> Wait | None:
    """Return what the canary waits for, the strongest obstacle first."""
    rollout = view.rollout
    if not isinstance(rollout, RolloutView):
        return Wait("rollout", "the Rollout to be seen")
    if rollout.paused:
        return Wait("paused", "a person: the Rollout is paused (spec.paused)", ended_by="whoever paused it can resume")
    if inconclusive_pause(state, rollout) is not None:
        return _person(state, f"inconclusive {rollout.status.step_index}", f"a person: {unjudged(view)}")
    for guard in (_pods, _at_gate, _at_step):
        if wait := guard(state, view, rollout):
            return wait
    return Wait("controller", f"the controller to go on from step {rollout.status.step_index} of {len(rollout.steps)}")


def _person(state: State, about: str, text: str) -> Wait:
    target = on_the_target(state.run_spec.target)
    return Wait(about, text, ended_by=f"`kubectl argo rollouts promote {target}` goes on, `… abort …` goes back")


def _pods(state: State, view: RunView, rollout: RolloutView) -> Wait | None:
    """Return the wait for the canary's pods of this step; each has its own limit, and the step has one."""
    canary = view.canary
    if canary.whole or (canary.desired == 0 and not canary.pods):
        return None
    limits = state.run_spec.deadlines
    late = [state.pods[pod.meta.uid].first_seen for pod in canary.pods if not pod.ready and pod.meta.uid in state.pods]
    step_ends = state.pods_asked_at + limits.ready_within + limits.relapse_within
    ends = min(*(seen + limits.ready_within for seen in late), step_ends, NEVER)
    what = f"the canary's pods: {canary.ready} of {canary.desired} are Ready, {canary.available} available"
    return Wait(f"pods {rollout.status.step_index}", what, ends)


def _at_gate(state: State, view: RunView, rollout: RolloutView) -> Wait | None:
    """Return the wait at an indefinite pause: for stable, for the hold to pass, or for a person."""
    if open_pause(state, rollout) is None:
        return None
    at = rollout.status.step_index
    if not has_what_is_granted(view.stable, rollout):
        what = f"stable: {view.stable.ready} of {view.stable.desired} pods are Ready, {view.stable.available} available"
        return Wait(f"stable {at}", what)
    if state.suspicions:
        return Wait(f"doubt {at}", "what is suspected to become certain, or to be no longer true")
    if opens_at(state) > view.now:
        return Wait(f"hold {at}", f"the canary to stay Ready at step {at}", opens_at(state))
    return _person(state, f"person {at}", f"a person to promote it: the Rollout stands at step {at}, a pause")


def _at_step(_: State, view: RunView, rollout: RolloutView) -> Wait | None:
    index = rollout.status.step_index
    step = next((step for step in steps_table(rollout) if step.index == index), None)
    if step is None:
        return Wait("promotion", "the controller to promote the canary: every step is done")
    return _STEPS.get(step.kind, _other_step)(step, view, rollout)


def _pause_step(step: StepCounts, view: RunView, rollout: RolloutView) -> Wait | None:
    began = min((pause.since for pause in rollout.status.pauses), default=view.at.utc)
    # The server's clock may differ from ours: what is left is never more than the pause, and never less than nothing.
    left = min(max(0.0, began + step.duration - view.at.utc), float(step.duration))
    return Wait(f"pause {step.index}", f"step {step.index}, a pause of {step.duration} s, to pass", view.now + left)


def _analysis_step(step: StepCounts, view: RunView, _: RolloutView) -> Wait | None:
    names = ", ".join(run.meta.name for run in view.runs if run.phase in {"", "Pending", "Running"})
    return Wait(f"analysis {step.index}", f"the analysis of step {step.index} to end{f': {names}' if names else ''}")


def _other_step(step: StepCounts, _: RunView, __: RolloutView) -> Wait | None:
    return Wait(f"step {step.index}", f"the controller to finish step {step.index} ({step.kind or 'unknown'})")


_STEPS: Final[Mapping[StepKind | None, Callable[[StepCounts, RunView, RolloutView], Wait | None]]] = MappingProxyType(
    {StepKind.PAUSE: _pause_step, StepKind.ANALYSIS: _analysis_step}
)


# -- the other phases --------------------------------------------------------------------------------------------------


def _write(_: State, __: RunView) -> Wait | None:
    return Wait("lost", "a write whose answer was lost to be seen, or to be too old to take effect")


def _adoption(state: State, _: RunView) -> Wait | None:
    return Wait("adoption", "the controller to take up the new template", _since_written(state))


def _since_written(state: State) -> float:
    return state.written_at + state.run_spec.deadlines.adopt_within


def _bake(state: State, _: RunView) -> Wait | None:
    ends_at = state.entered + state.run_spec.deadlines.bake
    return Wait("bake", "the watch after the promotion to end", ends_at, "Ctrl-C ends it at once")


def _proof(text: str) -> Callable[[State, RunView], Wait | None]:
    """Return the wait of a phase that ends with its proof, or with its time limit."""
    return lambda state, _: Wait(state.phase.value, text, state.entered + PHASES[state.phase].within(state))


WAITS: Final[Mapping[Phase, Callable[[State, RunView], Wait | None]]] = MappingProxyType(
    {
        Phase.WRITE: _write,
        Phase.ADOPT: _adoption,
        Phase.CANARY: _canary,
        Phase.HOLDING: _proof("a fresh read that shows the canary at its pause"),
        Phase.DISARM: _proof("the progress deadline to be what it was"),
        Phase.SETTLE: _proof("the promoted revision to be whole and alone"),
        Phase.BAKE: _bake,
        Phase.CONFIRM: _proof("a fresh read that shows the promoted revision whole and alone"),
        Phase.ABORT: _proof("the controller to acknowledge the abort"),
        Phase.RESTORE: _proof("the old template to stand in the spec and to be taken up"),
        Phase.VERIFY: _proof("proof that stable is whole and the canary gone"),
        Phase.REVERT: _proof("the old template to stand in the spec"),
        Phase.READOPT: _proof("the controller to take the old template up again"),
        Phase.FORCE: _proof("the full promotion of the old revision"),
        Phase.REVERIFY: _proof("proof that the old revision is whole and alone"),
    }
)
"""What a run waits for in each phase; `CLOSE` and `OVER` wait for nothing but an answer."""
