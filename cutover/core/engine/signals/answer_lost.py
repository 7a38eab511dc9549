"""The signal that the cutover's write, whose answer was lost, took no effect."""

from cutover.core.engine.ingest import LATE_EFFECT_WITHIN
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import Sign, Signal
from cutover.core.engine.state import NEVER, State


def watch(state: State, _view: RunView) -> tuple[Sign, ...]:
    """Return a sign while the write's effect has not been seen."""
    if state.written or state.unclear_at == NEVER:
        return ()
    lost = "the answer to the write was lost"
    message = f"{lost}, and no effect was seen within {LATE_EFFECT_WITHIN:g} s"
    certain_at = state.unclear_at + LATE_EFFECT_WITHIN
    return (Sign("answer-lost", "rollout", message, certain_at, doubt=f"{lost}, it may still take effect"),)


SIGNAL = Signal("answer_lost", watch)
