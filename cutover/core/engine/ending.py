"""Derive the ending of a run from its last state: outcome, cause, proven and unproven sentences, next commands."""

from dataclasses import replace

from cutover.core.base.causes import Reaction
from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Attribution, Cause, Ending, Outcome, SpecState
from cutover.core.engine.ending_proofs import Verification, verify
from cutover.core.engine.next_commands import next_commands
from cutover.core.engine.phase_proofs import contains, fresh_views, table_of
from cutover.core.engine.promotion_gate import inconclusive_pause
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import Phase, State, Verdict
from cutover.core.engine.transitions import foreign, overtaken_past_no_return, yields_at_once
from cutover.core.engine.why_not_ready import with_late_answer
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.write import Refused, StoredObject, WriteName

GUARD_FAILED = frozenset({404, 409, 422})
"""HTTP codes by which the API server says that the Rollout is no longer as reviewed."""


@frozen
class _Last:
    """What the ending is judged by: the state in the run's last phase, its view, and which of its conditions held."""

    state: State
    view: RunView
    verification: Verification


def ending_of(state: State, view: RunView) -> Ending:
    """Return the ending of a run whose phase is OVER."""
    last = _last(state, view)
    outcome = _outcome(last)
    proven, unproven = _sentences(last, outcome)
    spec, rollout = _spec(last), view.rollout
    return Ending(
        outcome=outcome,
        cause=_cause(state),
        spec=spec,
        proven=proven,
        unproven=unproven,
        next=next_commands(
            state.run_spec,
            outcome,
            spec,
            paused=isinstance(rollout, RolloutView) and rollout.paused,
            canary=state.canary_hash,
            unjudged=isinstance(rollout, RolloutView) and inconclusive_pause(state, rollout) is not None,
        ),
        past_no_return=state.past_no_return,
    )


def _cause(state: State) -> Cause | None:
    if state.taken_over_by:
        return Cause(Attribution.PERSON, "taken-over", state.taken_over_by)
    if not isinstance(state.verdict, Verdict):
        return None
    cause = state.verdict.cause
    return replace(cause, message=with_late_answer(state, cause.message)) if cause.code == "deadline" else cause


def _last(state: State, view: RunView) -> _Last:
    final = replace(state, phase=state.previous_phase)
    fresh = fresh_views(final)
    if fresh:
        return _Last(final, fresh[-1], verify(table_of(final), final, fresh[-1]))
    watched = verify(table_of(final), final, view)
    unread = tuple(sentence("not read afresh: ", told) for told in (*watched.proven, *watched.unproven))
    return _Last(final, view, Verification((), unread))


def refused(state: State) -> bool:
    """Tell whether the API server refused the write of the cutover: then nothing was written."""
    return isinstance(state.answer, Refused) and state.answer.write.name is WriteName.CUTOVER


def _outcome(last: _Last) -> Outcome:
    """Return the outcome: the first guard that applies names it. A better outcome needs more proof."""
    state, complete = last.state, last.verification.complete
    if refused(state) or not state.sent_writes:
        return _without_writing(state)
    if state.takes(Reaction.BLIND):
        return Outcome.UNOBSERVABLE
    if state.takes(Reaction.STOP) or state.leaving or (state.failing and overtaken_past_no_return(state)):
        return Outcome.UNVERIFIED
    if state.taken_over_by:
        return Outcome.SUPERSEDED
    if yields_at_once(state) or (state.failing and foreign(state, last.view)):
        return Outcome.SUPERSEDED
    if not state.failing:
        return _without_failure(state, complete=complete)
    return _after_failure(state) if complete else Outcome.UNVERIFIED


def _without_writing(state: State) -> Outcome:
    if state.takes(Reaction.INTERRUPT) or state.leaving:
        return Outcome.INTERRUPTED
    return _refusal(state) if refused(state) else Outcome.STALE


def _refusal(state: State) -> Outcome:
    """Return STALE where the Rollout has changed since the review; else something else refused the write."""
    answer = state.answer
    moved = isinstance(answer, Refused) and answer.status in GUARD_FAILED and not _as_reviewed(state, answer.stored)
    return Outcome.STALE if moved else Outcome.REFUSED


def _as_reviewed(state: State, rollout: StoredObject | ReadFailed) -> bool:
    run_spec = state.run_spec
    return isinstance(rollout, RolloutView) and (
        (rollout.meta.uid, rollout.template, rollout.strategy, rollout.settled_hash)
        == (run_spec.uid, run_spec.before, run_spec.strategy, run_spec.base_hash)
    )


def _without_failure(state: State, *, complete: bool) -> Outcome:
    if state.phase is Phase.HOLDING and complete:
        return Outcome.HOLDING
    return Outcome.PROMOTED if complete else Outcome.UNVERIFIED


def _after_failure(state: State) -> Outcome:
    if state.takes(Reaction.YIELD):
        return Outcome.SUPERSEDED
    if state.phase is Phase.REVERIFY:
        return Outcome.REVERTED
    if contains(state):
        return Outcome.CONTAINED
    return Outcome.INTERRUPTED if state.takes(Reaction.INTERRUPT) else Outcome.HELD


def _spec(last: _Last) -> SpecState:
    rollout, state = last.view.rollout, last.state
    if not isinstance(rollout, RolloutView):
        return SpecState.UNKNOWN
    if rollout.template == state.run_spec.before:
        return SpecState.RESTORED if state.written and state.run_spec.changes else SpecState.UNCHANGED
    if state.promoted and rollout.template == state.stored_template:
        return SpecState.PROMOTED
    return SpecState.LEFT


# -- sentences ---------------------------------------------------------------------------------------------------------


def _sentences(last: _Last, outcome: Outcome) -> tuple[tuple[Words, ...], tuple[Words, ...]]:
    state, seen = last.state, last.verification
    if refused(state) or not state.sent_writes:
        return (*_refusal_reason(state), "nothing was written"), ()
    if outcome is Outcome.SUPERSEDED and not seen.complete:
        return _what_stands(last), ()
    if outcome is Outcome.PROMOTED and state.watching_ended:
        return seen.proven, (*seen.unproven, _unfinished_bake(last))
    if outcome in {Outcome.HELD, Outcome.INTERRUPTED, Outcome.CONTAINED}:
        same, different = _same_pods(last)
        return (*seen.proven, *same), (*seen.unproven, *different)
    return seen.proven, seen.unproven


def _refusal_reason(state: State) -> tuple[Words, ...]:
    """Return a sentence with the API server's reason for the refusal; none if the last answer is no refusal."""
    if not isinstance(state.answer, Refused):
        return ()
    return (sentence(f"the API server refused the write ({state.answer.status}): ", state.answer.reason),)


def _what_stands(last: _Last) -> tuple[str, ...]:
    """Say how many of the plan's values are in somebody else's template, and that it was not overwritten."""
    rollout, edits = last.view.rollout, last.state.run_spec.edits
    if not isinstance(rollout, RolloutView):
        return ("the Rollout no longer exists",)
    kept = sum(edit.written_in(rollout.template) for edit in edits)
    return (
        f"{kept} of {len(edits)} of the plan's values stand in the template that is there now",
        "nothing that somebody else wrote was overwritten",
    )


def _unfinished_bake(last: _Last) -> str:
    state = last.state
    watched = max(0.0, last.view.now - state.promoted_at)
    return f"the watch after promotion was stopped after {watched:.0f} s of {state.run_spec.deadlines.bake:g} s"


def _same_pods(last: _Last) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a sentence that the stable pods are those of before, as proven, or which are not, as unproven."""
    now = {pod.meta.uid: pod.restarts for pod in last.view.stable.pods}
    before = last.state.run_spec.stable_pods
    if not before:  # a run that was resumed does not know how stable was
        return (), ()
    changed = tuple(pod.name for pod in before if now.get(pod.uid) != pod.restarts)
    if changed:
        return (), (f"stable pods that were replaced or restarted during the run: {', '.join(changed)}",)
    return (f"the {len(before)} stable pods are the same as before, none of them restarted",), ()
