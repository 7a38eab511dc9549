"""Whether a plan can undo a run: only what was promoted, still stands, and may be taken back by a machine."""

from typing import Final, NoReturn

from cutover.core.base.errors import Problem, RefusedError
from cutover.core.base.outcomes import Outcome
from cutover.core.engine.next_commands import back_by_hand, named
from cutover.core.review.undo_plan.kept import Kept

_NEEDS_A_PERSON: Final = frozenset({Outcome.UNVERIFIED.value, Outcome.UNOBSERVABLE.value})


def demand_promoted(kept: Kept) -> None:
    """The run's values were promoted, and its point of no return was not passed.

    Raises:
        RefusedError: otherwise, with what to do instead.
    """
    app = named(kept.target)
    if kept.outcome == Outcome.HOLDING:
        refuse(kept, "it is not over: its canary waits for a person", f"`cutover abort {app}` goes back from there")
    if kept.outcome in _NEEDS_A_PERSON:
        remedy = f"`cutover resume {app}` finishes it; `cutover abort {app}` goes back from there"
        refuse(kept, f"it is not over: it ended {kept.outcome}", remedy)
    if kept.outcome == Outcome.CONTAINED:
        refuse(kept, "it was never promoted: its values stand in the spec only", _out_of_the_spec(kept))
    if kept.outcome == Outcome.SUPERSEDED:
        refuse(kept, "somebody else changed the Rollout meanwhile: what stands is theirs", "ask them")
    if kept.outcome != Outcome.PROMOTED:
        refuse(kept, f"nothing of it stands: it ended {kept.outcome}", "there is nothing to do")
    if kept.passed:
        _no_return(kept)


def _out_of_the_spec(kept: Kept) -> str:
    """An abort alone leaves the spec as it is, and no plan is applied over a canary that is under way or aborted."""
    back = back_by_hand(kept.target, kept.base_revision)
    abort = f"`cutover abort {named(kept.target)}` takes back a canary that still stands"
    return f"{abort}, `{back}` the values (where Git owns the spec: revert them there)"


def _no_return(kept: Kept) -> NoReturn:
    message = (
        f"it passed its point of no return (pointOfNoReturn: {kept.point}): users may have written to the new side, "
        "and only a person can decide what becomes of that"
    )
    app = named(kept.target)
    refuse(kept, message, f"bring the data back first, then write a plan of your own: `cutover init {app}` begins one")


def refuse(kept: Kept, message: str, remedy: str) -> NoReturn:
    """End the command: there is no plan that would undo the run.

    Raises:
        RefusedError: always.
    """
    raise RefusedError(
        Problem(f"run {kept.run} cannot be undone by a plan: {message}", str(kept.target), remedy=remedy)
    )
