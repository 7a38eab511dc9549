"""The commands that a person may want to type after an ending. They exist today: kubectl and the Argo plugin."""

from cutover.core.endings import Outcome, SpecState
from cutover.core.machine.brief import Brief
from cutover.core.world import Target


def what_to_type(brief: Brief, outcome: Outcome, spec: SpecState, *, paused: bool) -> tuple[str, ...]:
    """Commands for this ending, most useful first; `paused` adds how to undo `spec.paused`.

    Where the old template stands there is nothing to abort or undo, and its revision has another number by then; once
    promoted, an abort does nothing.
    """
    look = f"kubectl argo rollouts get rollout {_of(brief.target)}"
    back = f"kubectl argo rollouts undo {_of(brief.target)} --to-revision={brief.base_revision}"
    abort = f"kubectl argo rollouts abort {_of(brief.target)}"
    unpause = f"""kubectl patch rollout {_of(brief.target)} --type=merge -p '{{"spec":{{"paused":false}}}}'"""
    match outcome:
        case Outcome.HOLDING:
            return (f"kubectl argo rollouts promote {_of(brief.target)}", abort, back)
        case Outcome.UNVERIFIED | Outcome.UNOBSERVABLE:
            ways = {SpecState.RESTORED: (), SpecState.UNCHANGED: (), SpecState.PROMOTED: (back,)}
            return (look, *((unpause,) if paused else ()), *ways.get(spec, (abort, back)))
        case Outcome.CONTAINED:
            return (look, back)
        case Outcome.SUPERSEDED:
            return (look,)
        case _:
            return ()


def _of(target: Target) -> str:
    context = f" --context {target.context}" if target.context else ""
    return f"{target.rollout} -n {target.namespace}{context}"
