"""The signal that a time limit is over: of the run, of the promoted revision to be whole, of a cluster not read."""

from dataclasses import replace

from cutover.core.base.cluster_text import sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import Sign, Signal
from cutover.core.engine.state import NEVER, Phase, State
from cutover.core.engine.waiting import wait_of, wait_text


def watch(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return the signs of limits that are over, or will be: run, promoted revision, cluster not read."""
    return (*_timeout(state, view), *_not_whole(state, view), *_blind(state, view))


def _timeout(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return the sign of the run's own time limit; after promotion its end is no failure."""
    if state.promoted:
        return ()
    limit = state.run_spec.deadlines.timeout
    ends_at = state.started + limit
    wait = wait_of(state, view) if view.now >= ends_at else None
    for_what = "" if wait is None else sentence(": it was ", wait_text(replace(wait, ends_at=NEVER), view.now))
    message = sentence(f"the run was not over within {limit:g} s", for_what)
    return (Sign("timeout", "run", message, ends_at, suspect_at=NEVER),)


def _not_whole(state: State, view: RunView) -> tuple[Sign, ...]:
    """Return the sign that the new pods are not whole in time.

    Only the new pods count, not a pause by a person or old pods that stay.
    """
    if state.phase is not Phase.SETTLE or view.canary.whole:
        return ()
    within = state.run_spec.deadlines.ready_within + state.run_spec.deadlines.verify_within
    message = f"{view.canary.available} of {view.canary.desired} pods were available within {within:g} s of promotion"
    return (Sign("not-whole", "rollout", message, state.entered + within, suspect_at=NEVER),)


def _blind(state: State, view: RunView) -> tuple[Sign, ...]:
    if not state.written:
        return ()
    after, ends = state.run_spec.deadlines.blind_after, state.run_spec.deadlines.blind_ends
    seen_at, words = view.now - view.blind_for(), "the cluster could not be read for"
    doubt = f"{words} {after:g} s"
    return (Sign("blind", "cluster", f"{words} {ends:g} s", seen_at + ends, suspect_at=seen_at + after, doubt=doubt),)


SIGNAL = Signal("time_limits", watch)
