"""The commands that a person may want after an ending: our own for a run that has marks, and the platform's."""

from cutover.core.base.outcomes import Outcome, SpecState
from cutover.core.base.target import Target
from cutover.core.engine.run_spec import RunSpec


def next_commands(
    run_spec: RunSpec, outcome: Outcome, spec: SpecState, *, paused: bool, canary: str = "", unjudged: bool = False
) -> tuple[str, ...]:
    """Return the commands for this ending, most useful first; `paused` adds how to undo `spec.paused`.

    `unjudged`: the Rollout waits for a person because of an inconclusive analysis; `cutover promote` passes no such
    pause, so the way on is the platform's, for whoever has looked at the analysis.

    Where the spec holds the old template there is nothing to abort or undo, and its revision has another number by
    then; after the promotion an abort does nothing. A run that left its marks is finished by our own commands; the
    platform's are listed for people who do not have ours.
    """
    get = f"kubectl argo rollouts get rollout {on_the_target(run_spec.target)}"
    back = back_by_hand(run_spec.target, run_spec.base_revision)
    abort = f"kubectl argo rollouts abort {on_the_target(run_spec.target)}"
    unpause = (
        f"""kubectl patch rollout {on_the_target(run_spec.target)} --type=merge -p '{{"spec":{{"paused":false}}}}'"""
    )
    match outcome:
        case Outcome.HOLDING:
            promote = () if unjudged else (f"cutover promote {target_arguments(run_spec.target)}{_shown(canary)}",)
            ours = (*promote, *_verbs(run_spec, "resume", "abort"))
            looked = f"kubectl get analysisruns -n {run_spec.target.namespace}{_context(run_spec.target)}"
            return (
                *((looked,) if unjudged else ()),
                *(ours if run_spec.owner else ()),
                f"kubectl argo rollouts promote {on_the_target(run_spec.target)}",
                abort,
                back,
            )
        case Outcome.UNVERIFIED | Outcome.UNOBSERVABLE:
            ways = {SpecState.RESTORED: (), SpecState.UNCHANGED: (), SpecState.PROMOTED: (back,)}
            there = (unpause,) if paused else ()
            return (get, *there, *_verbs(run_spec, "resume", "abort"), *ways.get(spec, (abort, back)))
        case Outcome.CONTAINED:
            return (get, back)
        case Outcome.SUPERSEDED:
            return (get,)
        case _:
            return ()


def back_by_hand(target: Target, revision: str) -> str:
    """Return the platform's command that puts the template of an earlier revision back."""
    return f"kubectl argo rollouts undo {on_the_target(target)} --to-revision={revision}"


def _verbs(run_spec: RunSpec, *verbs: str) -> tuple[str, ...]:
    return tuple(f"cutover {verb} {target_arguments(run_spec.target)}" for verb in verbs) if run_spec.owner else ()


def _shown(canary: str) -> str:
    return f" --hash {canary}" if canary else ""


def target_arguments(target: Target) -> str:
    """Return the target as arguments of our own commands: the Rollout's name is also the default namespace."""
    namespace = "" if target.namespace == target.rollout else f" -n {target.namespace}"
    return f"{target.rollout}{namespace}{_context(target)}"


def on_the_target(target: Target) -> str:
    """Return the target as arguments of the platform's commands."""
    return f"{target.rollout} -n {target.namespace}{_context(target)}"


def _context(target: Target) -> str:
    return f" --context {target.context}" if target.context else ""
