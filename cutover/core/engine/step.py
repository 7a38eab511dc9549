"""The engine's step: a pure, total function from a state and an observation to a new state and a decision.

No exception, callback or clock decides anything here; `runtime.loop` and `runtime.performer` carry the decision out.
"""

from cutover.core.base.outcomes import Ending
from cutover.core.engine.decision import Command, ConfirmStop, Decision
from cutover.core.engine.ending import ending_of
from cutover.core.engine.evidence_requests import ask_for_evidence, missed
from cutover.core.engine.facts import Ended, EvidenceNoted, Fact, Proven, Unproven
from cutover.core.engine.ingest import ingest
from cutover.core.engine.judge import judge
from cutover.core.engine.mark_cleanup import WITHIN, begin_cleanup, continue_cleanup, marks_to_remove
from cutover.core.engine.observation import Evidence, Observation, OperatorRequest
from cutover.core.engine.promotion_gate import notice_steady
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import NEVER, Phase, State
from cutover.core.engine.transitions import transition, wake_at

Advanced = tuple[State, Decision]


def advance(state: State, observation: Observation) -> Advanced:
    """Take in one observation: remember, judge, ask for evidence, then make transitions until the phase stays."""
    if state.phase is Phase.OVER:
        return state, Decision()
    if state.phase is Phase.CLOSE:
        return continue_cleanup(state, observation)
    state, view, seen = ingest(state, observation)
    state, judgement, sign_at = judge(notice_steady(state, view), view, observation.requests)
    state, asks = ask_for_evidence(state, view)
    state, transitions_made, commands = _turn_until_still(state, view)
    facts, question = (*seen, *judgement, *transitions_made), _question(state, observation)
    if state.phase is Phase.OVER:
        return _over(state, view, facts, commands)
    return state, Decision(facts, (*commands, *asks, *question), min(sign_at, wake_at(state, view.now)))


def _question(state: State, observation: Observation) -> tuple[ConfirmStop, ...]:
    """Return the question to a person who pressed Ctrl-C, as long as there is something to decide."""
    asked = OperatorRequest.ASK in observation.requests and state.questioned_at != NEVER
    return (ConfirmStop(),) if asked and not state.failing and not state.watching_ended else ()


def _turn_until_still(state: State, view: RunView) -> tuple[State, tuple[Fact, ...], tuple[Command, ...]]:
    """Make transitions until none is due, at most one per phase, so this ends; return state, facts and commands."""
    facts: tuple[Fact, ...] = ()
    commands: tuple[Command, ...] = ()
    for _ in Phase:
        step = transition(notice_steady(state, view), view)
        state, facts, commands = step.state, (*facts, *step.facts), (*commands, *step.commands)
        if not step.moved:
            break
    return state, facts, commands


def _over(state: State, view: RunView, facts: tuple[Fact, ...], commands: tuple[Command, ...]) -> Advanced:
    """Return the ending; where the run's marks are there, they are removed first."""
    end = ending_of(state, view)
    all_facts = (*facts, *_missed(state), *_closing(end))
    if forms := marks_to_remove(state, view, end):
        closing, last = begin_cleanup(state, view, end, forms)
        return closing, Decision(all_facts, (*commands, *last), view.now + WITHIN)
    return state, Decision(all_facts, commands, ending=end)


def _missed(state: State) -> tuple[Fact, ...]:
    return tuple(
        EvidenceNoted(
            f"{ask.kind} of {ask.about}: missed, it did not come before the end",
            Evidence(ask.kind, ask.about, ask.container, missed="too late"),
        )
        for ask in missed(state)
    )


def _closing(end: Ending) -> tuple[Fact, ...]:
    proven = tuple(Proven(sentence) for sentence in end.proven)
    unproven = tuple(Unproven(sentence) for sentence in end.unproven)
    return (*proven, *unproven, Ended(f"ended: {end.outcome.value}", end))


def running(decision: Decision) -> bool:
    """Whether the decision has no ending, so that the run goes on."""
    return decision.ending is None
