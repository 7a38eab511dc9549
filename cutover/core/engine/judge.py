"""Judge the signs of an observation and set the one verdict of a run; `core.base.causes` ranks the causes."""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from cutover.core.base.causes import Reaction, rank, rule
from cutover.core.base.cluster_text import sentence
from cutover.core.base.outcomes import Attribution
from cutover.core.engine.facts import Cleared, Decided, Fact, Suspected
from cutover.core.engine.observation import OperatorRequest
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals import ALL
from cutover.core.engine.signals.sign import SOON, Sign
from cutover.core.engine.state import FORWARD, NEVER, State, Suspicion, Verdict

ANSWER_WITHIN: Final = 10.0
"""Seconds in which a person at a terminal can say that a Ctrl-C was a mistake."""

JudgedState = tuple[State, tuple[Fact, ...], float]
"""The state, the new facts, and the monotonic time at which a sign will become suspicious or certain."""


def judge(state: State, view: RunView, requests: tuple[OperatorRequest, ...]) -> JudgedState:
    """Take in operator requests, note suspicions, and set the verdict if a sign is certain.

    A verdict is final: later events are judged by the proofs of the phases.
    """
    state = _take_requests(state, requests, view.now)
    if state.verdict is not None or state.phase not in FORWARD or state.watching_ended:
        return state, (), NEVER
    signs = tuple(sign for signal in ALL for sign in signal.watch(state, view))
    signs += _interruption(state, requests)
    state, noted = _suspect(state, signs, view.now)
    state, decided = _decide(state, signs, view)
    return state, (*noted, *decided), _next_change(signs, view.now)


def _take_requests(state: State, requests: tuple[OperatorRequest, ...], now: float) -> State:
    """Take in operator requests.

    After promotion a stop ends only the watching, even one that nobody has confirmed yet. A request to leave ends the
    run.
    """
    questioned_at = _questioned_at(state, requests, now)
    stop = OperatorRequest.ABORT in requests or OperatorRequest.ASK in requests or questioned_at != NEVER
    ended = state.watching_ended or (state.promoted and not state.failing and stop)
    leaving = state.leaving or OperatorRequest.LEAVE in requests
    return replace(state, watching_ended=ended, leaving=leaving, questioned_at=questioned_at)


def _questioned_at(state: State, requests: tuple[OperatorRequest, ...], now: float) -> float:
    if OperatorRequest.GO_ON in requests:
        return NEVER
    return min(state.questioned_at, now) if OperatorRequest.ASK in requests else state.questioned_at


def _interruption(state: State, requests: tuple[OperatorRequest, ...]) -> tuple[Sign, ...]:
    """Return the sign of a requested stop: certain at once, or once a question was not answered in time."""
    if OperatorRequest.ABORT not in requests and state.questioned_at == NEVER:
        return ()
    certain_at = SOON if OperatorRequest.ABORT in requests else state.questioned_at + ANSWER_WITHIN
    return (Sign("interrupted", "run", "the run was asked to stop", certain_at, suspect_at=NEVER),)


def _suspect(state: State, signs: tuple[Sign, ...], now: float) -> tuple[State, tuple[Fact, ...]]:
    current = {(sign.code, sign.subject): sign for sign in signs if sign.suspect_at <= now}
    kept = {key: state.suspicions[key] for key in current if key in state.suspicions}
    new = {key: _suspicion(sign, now) for key, sign in current.items() if key not in kept}
    suspected = tuple(Suspected(s.message, s.code, s.subject) for s in new.values())
    cleared = tuple(_cleared(suspicion) for key, suspicion in state.suspicions.items() if key not in current)
    return replace(state, suspicions=MappingProxyType({**kept, **new})), (*suspected, *cleared)


def _suspicion(sign: Sign, now: float) -> Suspicion:
    return Suspicion(sign.code, sign.subject, now, sign.doubt or sign.message)


def _cleared(suspicion: Suspicion) -> Cleared:
    return Cleared(sentence("no longer true: ", suspicion.message), suspicion.code, suspicion.subject)


def _decide(state: State, signs: tuple[Sign, ...], view: RunView) -> tuple[State, tuple[Fact, ...]]:
    certain = [sign for sign in signs if sign.certain(view.now) and _leads_back(state, sign, view)]
    if not certain:
        return state, ()
    cause = min(certain, key=lambda sign: rank(sign.code)).cause()
    reaction = _reaction(state, rule(cause.code).reaction)
    fact = Decided(sentence(f"{_RESOLVES[reaction]}: ", cause.message), cause, reaction)
    return replace(state, verdict=Verdict(reaction, cause, view.now)), (fact,)


def _reaction(state: State, reaction: Reaction) -> Reaction:
    """Return the reaction to act by: past the point of no return, STOP instead of one that goes back."""
    points_back = reaction in {Reaction.FAIL, Reaction.INTERRUPT}
    return Reaction.STOP if points_back and state.past_no_return else reaction


def _leads_back(state: State, sign: Sign, view: RunView) -> bool:
    """Tell whether a certain sign decides.

    After the promotion, going back is a rollout of its own, so a failure decides only if the cluster can be read now
    and the cause is not capacity or infrastructure: a lack of room or of an image would hit the old revision as well.
    """
    if not state.promoted or rule(sign.code).reaction is not Reaction.FAIL:
        return True
    seen = view.blind_for() <= state.run_spec.deadlines.blind_after
    return seen and sign.cause().attribution not in {Attribution.CAPACITY, Attribution.INFRASTRUCTURE}


_RESOLVES: Final = {
    Reaction.FAIL: "the cutover failed",
    Reaction.INTERRUPT: "stopping",
    Reaction.YIELD: "somebody else took over",
    Reaction.STOP: "stopping without touching anything",
    Reaction.BLIND: "the cluster cannot be observed",
}


def _next_change(signs: tuple[Sign, ...], now: float) -> float:
    moments = (moment for sign in signs for moment in (sign.suspect_at, sign.certain_at) if moment > now)
    return min(moments, default=NEVER)
