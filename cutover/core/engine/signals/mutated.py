"""The signal that the API server stored another template than was written (a mutating webhook)."""

from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import State
from cutover.core.podtemplate.compare import differing_places


def watch(state: State, _view: RunView) -> tuple[Sign, ...]:
    """Return a sign that names the fields in which the stored template differs from T1, never their values."""
    if not state.written or state.stored_template == state.run_spec.after:
        return ()
    places = ", ".join(differing_places(state.run_spec.after, state.stored_template))
    message = f"something on the API server's side changed the template as it was written, at {places}"
    return (Sign("mutated", "rollout", message, SOON),)


SIGNAL = Signal("mutated", watch)
