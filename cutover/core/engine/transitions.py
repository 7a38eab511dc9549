"""One transition of the engine: from state and view to the next phase, a write, a fresh read, or the end."""

from dataclasses import replace

from cutover.core.base.causes import Reaction
from cutover.core.base.frozen import frozen
from cutover.core.engine.decision import Command, RefreshAll
from cutover.core.engine.ending_proofs import verify
from cutover.core.engine.facts import Fact
from cutover.core.engine.ingest import LATE_EFFECT_WITHIN, may_still_land
from cutover.core.engine.phase_proofs import contains, table_of
from cutover.core.engine.phase_table import PHASES, PhaseRow, failed_facts, late_facts, proven_facts
from cutover.core.engine.promotion_gate import inconclusive_pause, is_sound, open_pause, opens_at, passing_write
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import FORWARD, NEVER, Phase, State, Verdict
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.rollout import RolloutView
from cutover.core.plan.model import OnFailure, Promotion
from cutover.core.writes.lease import verdict_write
from cutover.core.writes.lock_state import Unsure
from cutover.core.writes.stored_verdict import verdict_text
from cutover.core.writes.write import Refused, Unclear, Write, WriteName

READ_AGAIN_AFTER = 1.0
"""Seconds between two fresh reads if the first did not show the proof."""

GUARD_DID_NOT_HOLD = 422

_ONE_OF = frozenset({Phase.RESTORE, Phase.REVERT})
"""Phases whose writes are forms of one write: only the first form is sent, unless it may be replaced by another."""

LAST_READ_BEFORE = 3.0
"""Seconds before the time limit of a phase at which it asks for the last fresh read, to name what is unproven."""


@frozen
class Transition:
    """The result of one transition; `moved` says that the phase changed and another transition is due at once."""

    state: State
    facts: tuple[Fact, ...] = ()
    commands: tuple[Command, ...] = ()
    moved: bool = False


def transition(state: State, view: RunView) -> Transition:
    """Make one transition: of the guards, in their order, the first that applies decides."""
    if state.phase is Phase.OVER or state.pending is not None or isinstance(view.lock, Unsure):
        return Transition(state)
    if state.leaving or _nothing_left_to_do(state, view):
        return _enter(state, Phase.OVER, view)
    if state.failing and state.phase in FORWARD:
        return Transition(state) if _waits_for_the_write(state, view) else _turn_back(state, view)
    if _has_moved_on(state, view):
        return _enter(state, Phase.CANARY, view)
    if _taken_back_by_somebody(state, view):
        return _enter(state, Phase.RESTORE, view)
    if overtaken := _overtaken_by_promotion(state, view):
        return _enter(state, overtaken[0], view)
    return _follow_row(state, view, PHASES[state.phase])


def wake_at(state: State, now: float) -> float:
    """Return the latest moment (monotonic) at which the engine has to step again without an observation.

    What was due by now has been done or waits for an observation, so it does not count: the loop would spin.
    """
    return min((moment for moment in _moments(state) if moment > now), default=NEVER)


def _moments(state: State) -> tuple[float, ...]:
    """Return the moments at which the phase may do something without a new observation."""
    row = PHASES.get(state.phase)
    if row is None:
        return ()
    limit = state.entered + row.within(state)
    reads_afresh = (limit - LAST_READ_BEFORE, _read_at(state) + READ_AGAIN_AFTER) if row.reads_afresh else ()
    bake = (state.entered + state.run_spec.deadlines.bake,) if state.phase is Phase.BAKE else ()
    gate = (opens_at(state),) if state.phase is Phase.CANARY else ()
    return (limit, *reads_afresh, *bake, *gate, state.unclear_at + LATE_EFFECT_WITHIN)


# -- guards ------------------------------------------------------------------------------------------------------------


def _nothing_left_to_do(state: State, view: RunView) -> bool:
    """Tell whether no write is left to send.

    The cutover was refused, the Rollout is gone or somebody else's, or the reaction forbids every further write.
    """
    refused = isinstance(state.answer, Refused) and state.answer.write.name is WriteName.CUTOVER
    stopped = state.takes(Reaction.STOP) or state.takes(Reaction.BLIND) or yields_at_once(state)
    if state.taken_over_by or (state.failing and overtaken_past_no_return(state)):
        return True
    return refused or stopped or (state.failing and (not state.sent_writes or foreign(state, view)))


def overtaken_past_no_return(state: State) -> bool:
    """Tell whether the canary was promoted, past its point of no return, before the way back reached it."""
    return state.past_no_return and state.promoted and state.phase not in FORWARD


def yields_at_once(state: State) -> bool:
    """Tell whether the run ends at once because somebody else took over.

    If somebody put the old template back before the promotion, the run stays to verify it. After the promotion it does
    not: that is a rollout of theirs, with steps and pauses of its own.
    """
    undone = isinstance(state.verdict, Verdict) and state.verdict.cause.code == "undone"
    return state.takes(Reaction.YIELD) and (state.promoted or not undone)


def foreign(state: State, view: RunView) -> bool:
    """Whether the Rollout is gone, was created anew, or holds a template that is neither T0 nor what we wrote."""
    rollout = view.rollout
    if isinstance(rollout, RolloutView):
        ours = (state.run_spec.before, state.run_spec.after, state.stored_template)
        return rollout.meta.uid != state.run_spec.uid or rollout.template not in ours
    return isinstance(rollout, NotFound)


def _waits_for_the_write(state: State, view: RunView) -> bool:
    """Whether the cutover's write may still take effect: if the run ended now, no process would take it back."""
    return state.phase is Phase.WRITE and not state.written and may_still_land(state, view.now)


def _has_moved_on(state: State, view: RunView) -> bool:
    """Tell whether the Rollout left the pause at which the run holds, or a person is asked whether the run is to stop.

    Somebody promoted it, or a write whose answer was lost did. A run does not end by itself while the question is open.
    """
    rollout = view.rollout
    if state.phase is not Phase.HOLDING or not isinstance(rollout, RolloutView) or not rollout.observed:
        return False  # a generation that is still to be observed (our own disarming makes one) is no progress
    if state.questioned_at != NEVER:
        return True
    if inconclusive_pause(state, rollout) is not None:
        return False
    pause = open_pause(state, rollout)
    if pause is None:
        return True
    passing = _key(Phase.CANARY, passing_write(state, rollout, pause))
    return not _by_steps(state) and passing not in state.sent_writes


def _by_steps(state: State) -> bool:
    return state.run_spec.promotion is Promotion.STEPS


def _turn_back(state: State, view: RunView) -> Transition:
    """Begin the way back; the verdict is noted first, for a process that has to finish the run."""
    turned = _enter(state, _way_back(state), view)
    return replace(turned, commands=_noted(state))


def _noted(state: State) -> tuple[Command, ...]:
    """Return the write that notes the verdict on the Lease. It is sent before the abort, which does not wait for it."""
    verdict, run_spec = state.verdict, state.run_spec
    if (
        not run_spec.owner
        or not isinstance(verdict, Verdict)
        or verdict.reaction not in {Reaction.FAIL, Reaction.INTERRUPT}
    ):
        return ()
    text = verdict_text(verdict.reaction, verdict.cause, promoted=state.promoted)
    return (verdict_write(run_spec.target, run_spec.owner, text, verdict.cause.message),)


def _way_back(state: State) -> Phase:
    """Return the first phase of the way back. The controller would drop an abort before the adoption."""
    if state.takes(Reaction.YIELD):
        return Phase.VERIFY
    if state.promoted:
        return Phase.REVERT
    if contains(state) and state.run_spec.on_failure is OnFailure.HOLD:
        return Phase.VERIFY
    return Phase.ABORT if state.adopted else Phase.RESTORE


def _taken_back_by_somebody(state: State, view: RunView) -> bool:
    """Whether somebody put T0 back while the run aborts, or after it left the plan's value in the spec."""
    rollout = view.rollout
    waits = state.phase is Phase.ABORT or (state.phase is Phase.VERIFY and contains(state))
    return waits and isinstance(rollout, RolloutView) and rollout.template == state.run_spec.before


def _overtaken_by_promotion(state: State, view: RunView) -> tuple[Phase, ...]:
    """Return the next phase if the controller promoted before our abort or restore took effect: a new rollout."""
    rollout = view.rollout
    if state.phase not in {Phase.ABORT, Phase.RESTORE, Phase.VERIFY} or not state.promoted:
        return ()
    if state.takes(Reaction.YIELD) or not isinstance(rollout, RolloutView):
        return ()
    return (Phase.READOPT,) if rollout.template == state.run_spec.before else (Phase.REVERT,)


# -- following the table -----------------------------------------------------------------------------------------------


def _follow_row(state: State, view: RunView, row: PhaseRow) -> Transition:
    if row.proof(state, view):
        return _enter(state, _next(state, row), view, proven_facts(state))
    if isinstance(state.answer, Refused | Unclear) and not _is_open(state, view) and not row.persistent:
        wanted = _unsent(state, view, row) if _may_take_another_form(state) else ()
        if wanted:
            return _send(state, wanted[0])
        return _enter(state, row.otherwise, view, failed_facts(state, state.answer))
    if view.now >= state.entered + row.within(state):
        return _enter(state, _otherwise(state, row), view, late_facts(state, row))
    if _stops_for_a_person(state, view):
        return _enter(state, Phase.HOLDING, view)
    wanted = _unsent(state, view, row)
    if wanted:
        return _send(state, wanted[0])
    return _ask_afresh(state, view) if row.reads_afresh else Transition(state)


def _otherwise(state: State, row: PhaseRow) -> Phase:
    """Return the phase that follows where the proof did not come in time.

    A canary that proved itself is watched further; but if its dead-man could not be disarmed, a person is needed.
    """
    tried = any(key.startswith(f"{Phase.HOLDING}:") for key in state.sent_writes)
    return Phase.OVER if state.phase is Phase.HOLDING and tried else row.otherwise


def _may_take_another_form(state: State) -> bool:
    """Whether a restore that disarms the dead-man was refused by a guard: then it is sent without the dead-man."""
    match state.answer:
        case Refused(write, status):
            return write.name is WriteName.RESTORE and write.occasion != "" and status == GUARD_DID_NOT_HOLD
        case _:
            return False


def _is_open(state: State, view: RunView) -> bool:
    """Tell whether a refused or unclear write does not end the phase.

    A signal tells when the cutover is lost; a promotion may still take effect; the way back waits for nothing.
    """
    return state.phase is Phase.WRITE or (state.phase is Phase.CANARY and may_still_land(state, view.now))


def _next(state: State, row: PhaseRow) -> Phase:
    """Return the next phase: the restore after an abort, unless the plan's policy leaves the value in the spec."""
    return Phase.VERIFY if state.phase is Phase.ABORT and contains(state) else row.then


def _stops_for_a_person(state: State, view: RunView) -> bool:
    """Tell whether the run holds for a person: at an inconclusive analysis; with `promotion: steps`, at an open gate.

    An inconclusive analysis need not last for a hold: nothing is promoted on the strength of it.
    """
    rollout = view.rollout
    if state.phase is not Phase.CANARY or state.run_spec.follow or not isinstance(rollout, RolloutView):
        return False
    if inconclusive_pause(state, rollout) is not None:
        return is_sound(state, view)
    return _by_steps(state) and open_pause(state, rollout) is not None and view.now >= opens_at(state)


def _unsent(state: State, view: RunView, row: PhaseRow) -> tuple[Write, ...]:
    """Return the writes that the phase wants and has not sent; of several forms of one write only the first is sent."""
    wanted = row.want(state, view)
    if state.phase in _ONE_OF and not _may_take_another_form(state):
        wanted = () if any(_key(state.phase, write) in state.sent_writes for write in wanted) else wanted
    return tuple(write for write in wanted if _key(state.phase, write) not in state.sent_writes)


def _send(state: State, write: Write) -> Transition:
    sent = state.sent_writes | {_key(state.phase, write)}
    return Transition(replace(state, sent_writes=sent, pending=write, answer=None), commands=(write,))


def _key(phase: Phase, write: Write) -> str:
    return f"{phase}:{write.name}:{write.occasion}"


def _ask_afresh(state: State, view: RunView) -> Transition:
    """Ask for a fresh read when the watch shows the proof, and once more shortly before the time limit."""
    under_way = state.fresh_read_asked_at != NEVER
    seen = state.watching_ended or verify(table_of(state), state, view).complete
    last_chance = view.now >= state.entered + PHASES[state.phase].within(state) - LAST_READ_BEFORE
    too_soon = view.now < _read_at(state) + READ_AGAIN_AFTER
    if under_way or too_soon or not (seen or last_chance):
        return Transition(state)
    return Transition(replace(state, fresh_read_asked_at=view.now), commands=(RefreshAll(),))


def _read_at(state: State) -> float:
    return -NEVER if state.fresh_read is None else state.fresh_read.at.mono


def _enter(state: State, phase: Phase, view: RunView, facts: tuple[Fact, ...] = ()) -> Transition:
    entered = replace(
        state,
        phase=phase,
        previous_phase=state.phase,
        entered=view.now,
        answer=state.answer if phase is Phase.OVER else None,
        fresh_read=state.fresh_read if phase is Phase.OVER else None,
        fresh_read_asked_at=NEVER,
        steady_since=NEVER,
        restoring=state.restoring or phase in {Phase.RESTORE, Phase.REVERT},
    )
    return Transition(entered, facts, moved=True)
