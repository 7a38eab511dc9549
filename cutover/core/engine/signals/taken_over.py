"""The signal that another process took the run over, and goes on with it or has ended it already."""

from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import State


def watch(state: State, _view: RunView) -> tuple[Sign, ...]:
    """Return a sign once the Lease or the marks belong to another process."""
    return (Sign("taken-over", "run", state.taken_over_by, SOON),) if state.taken_over_by else ()


SIGNAL = Signal("taken_over", watch)
