"""The commands that a person may want to type after an ending: our own for a run that has marks, and the platform's."""

from cutover.core.base.outcomes import Outcome, SpecState
from cutover.core.base.target import Target
from cutover.core.engine.run_spec import RunSpec


def next_commands(
    brief: RunSpec, outcome: Outcome, spec: SpecState, *, paused: bool, canary: str = ""
) -> tuple[str, ...]:
    """Commands for this ending, most useful first; `paused` adds how to undo `spec.paused`.

    Where the old template stands there is nothing to abort or undo, and its revision has another number by then; once
    promoted, an abort does nothing. A run that left its marks is finished by our own verbs; the platform's stay, for
    whoever has nothing else.
    """
    look = f"kubectl argo rollouts get rollout {_of(brief.target)}"
    back = back_by_hand(brief.target, brief.base_revision)
    abort = f"kubectl argo rollouts abort {_of(brief.target)}"
    unpause = f"""kubectl patch rollout {_of(brief.target)} --type=merge -p '{{"spec":{{"paused":false}}}}'"""
    match outcome:
        case Outcome.HOLDING:
            ours = (
                f"cutover promote {target_arguments(brief.target)}{_shown(canary)}",
                *_verbs(brief, "resume", "abort"),
            )
            return (*(ours if brief.owner else ()), f"kubectl argo rollouts promote {_of(brief.target)}", abort, back)
        case Outcome.UNVERIFIED | Outcome.UNOBSERVABLE:
            ways = {SpecState.RESTORED: (), SpecState.UNCHANGED: (), SpecState.PROMOTED: (back,)}
            there = (unpause,) if paused else ()
            return (look, *there, *_verbs(brief, "resume", "abort"), *ways.get(spec, (abort, back)))
        case Outcome.CONTAINED:
            return (look, back)
        case Outcome.SUPERSEDED:
            return (look,)
        case _:
            return ()


def back_by_hand(target: Target, revision: str) -> str:
    """The command that puts the template of an earlier revision back, where nothing of ours does."""
    return f"kubectl argo rollouts undo {_of(target)} --to-revision={revision}"


def _verbs(brief: RunSpec, *verbs: str) -> tuple[str, ...]:
    return tuple(f"cutover {verb} {target_arguments(brief.target)}" for verb in verbs) if brief.owner else ()


def _shown(canary: str) -> str:
    return f" --hash {canary}" if canary else ""


def target_arguments(target: Target) -> str:
    """The target as our own commands take it: the application names the Rollout, and its namespace."""
    context = f" --context {target.context}" if target.context else ""
    return f"{target.rollout}{'' if target.namespace == target.rollout else f' -n {target.namespace}'}{context}"


def _of(target: Target) -> str:
    context = f" --context {target.context}" if target.context else ""
    return f"{target.rollout} -n {target.namespace}{context}"
