"""The signal that stable lacks Ready pods; stable must serve whatever happens to the canary.

One replaced or evicted pod that is back in time is no sign, nor is stable scaled down by the steps or up by an
autoscaler: what counts is how many pods it had of those that its ReplicaSet should still hold.
"""

from typing import Final

from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import Sign, Signal
from cutover.core.engine.state import NEVER, State

NONE_LEFT_WITHIN: Final = 5.0
"""Seconds without any Ready stable pod after which the sign is certain: enough for one lost probe, not more."""

SETTLING: Final = 2.0
"""Seconds for which pods and ReplicaSet may disagree while the controller scales: they are watched by two streams."""


def watch(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign while stable lacks Ready pods, until the new revision is stable itself."""
    if state.promoted or state.stable_short_since == NEVER:
        return ()
    ready, desired = view.stable.ready, view.stable.desired
    code = "stable-sick" if view.canary.ready else "stable-lost"
    message = f"only {ready} of {desired} stable pods are Ready"
    since = state.stable_short_since
    certain_at = min(since + state.run_spec.deadlines.stable_within, state.stable_gone_since + NONE_LEFT_WITHIN)
    return (Sign(code, "stable", message, certain_at, suspect_at=since + SETTLING),)


SIGNAL = Signal("stable", watch)
