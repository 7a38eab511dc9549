"""Makes the plan that undoes a promoted run, and refuses if no plan can; it is reviewed and applied like any other.

The old values come from the ReplicaSet of the run's base. The text is read back and resolved before it is returned,
which proves that it leads to what that ReplicaSet holds.
"""

from dataclasses import replace
from typing import Final, NoReturn

from cutover.core.base.documents import Json
from cutover.core.base.errors import CutoverError, Problem, RefusedError, StaleError
from cutover.core.base.outcomes import Outcome
from cutover.core.base.redaction import Redactor
from cutover.core.engine.next_commands import back_by_hand, target_arguments
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.replicaset import ReplicaSetView
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.resolve import resolve
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.compare import holds, is_env_entry
from cutover.core.podtemplate.field_paths import FieldPath, part_at, path_text
from cutover.core.review.kept_report import KeptReport
from cutover.core.review.new_plan import NewPlan, place_of, written_plan
from cutover.core.review.new_plan_changes import PlacedChange
from cutover.core.review.new_plan_flags import label
from cutover.core.review.undo_changes import changes_back
from cutover.core.review.undo_operations import is_so, leads_to, same_parts
from cutover.core.writes.restore_template import template_of_base

SUFFIX: Final = "-undo"
_LONGEST: Final = 63


def undo_plan(kept: KeptReport, snapshot: Snapshot, redactor: Redactor, file: str) -> NewPlan:
    """Make the plan that puts back what stood before the run; `file` is where it will be kept.

    Raises:
        RefusedError: the old values are gone, stand again already, or belong into no plan.
        StaleError: somebody has since changed something that the run had changed.
        UsageError: no plan can hold it.
    """
    live, base = snapshot.rollout.template, _base(kept, snapshot)
    if all(is_so(live, base, place) for place in kept.places):
        refuse(kept, "what stood there before it stands there again", "there is nothing to do")
    _demand_unchanged(kept, snapshot)
    changes = changes_back(kept.places, live, base, redactor)
    plan = _plan(kept, changes, file)
    homes = resolve(plan, live, redactor).containers
    draft = written_plan(plan, snapshot, changes, homes, _about(kept, snapshot))
    _prove(kept.places, resolve(draft.plan, live, redactor).after, base)
    return draft


def _plan(kept: KeptReport, changes: tuple[PlacedChange, ...], file: str) -> Plan:
    """Return the plan; it names the context of the run, because it may only be applied to that cluster."""
    name = label(kept.plan, _LONGEST - len(SUFFIX)) + SUFFIX
    target = replace(kept.target, app=kept.target.app or label(kept.target.rollout))
    description = f"Undo run {kept.run} of plan {kept.plan}"
    return Plan(name, target, tuple(one.change for one in changes), digest="", description=description, file=file)


def _about(kept: KeptReport, snapshot: Snapshot) -> tuple[str, ...]:
    where = place_of(snapshot.target)
    made_of = f"what stood on {where} before it. Nothing was written to it."
    data = "What users have written since then stays where it was written."
    return f"The way back from run {kept.run} (plan {kept.plan}): {made_of}", data


def _base(kept: KeptReport, snapshot: Snapshot) -> Json:
    replicaset = snapshot.replicaset(kept.base)
    if isinstance(replicaset, NotFound):
        message = f"the ReplicaSet of the revision before it ({kept.base}) is gone, and the old values with it"
        hint = f"the run's report, the history of {kept.file or 'its plan'} and Git tell what was there"
        refuse(kept, message, f"{hint}; `cutover init {target_arguments(kept.target)}` begins a plan of your own")
    return template_of_base(replicaset.template)


# -- whether the run's values still stand ------------------------------------------------------------------------------


def _demand_unchanged(kept: KeptReport, snapshot: Snapshot) -> None:
    """Check that what the run wrote is still there, if the ReplicaSet of its revision exists to compare with.

    Raises:
        StaleError: with every field path that holds something else now.
    """
    replicaset = snapshot.replicaset(kept.revision)
    if isinstance(replicaset, NotFound):
        return
    problems = tuple(_changed(kept, place) for place in kept.places if not _stands(place, replicaset, snapshot))
    if problems:
        raise StaleError(*problems)


def _stands(place: FieldPath, replicaset: ReplicaSetView, snapshot: Snapshot) -> bool:
    """Whether spec and current ReplicaSet still hold what the run wrote at the path.

    The spec alone does not show a value that is the API's default.
    """
    wrote = part_at(replicaset.template, place)
    current = snapshot.replicaset(snapshot.rollout.status.current_pod_hash)
    if isinstance(current, ReplicaSetView) and not same_parts(part_at(current.template, place), wrote):
        return False
    live = snapshot.rollout.template
    return is_so(live, replicaset.template, place) if is_env_entry(place) else holds(wrote, part_at(live, place))


def _changed(kept: KeptReport, place: FieldPath) -> Problem:
    message = f"expected what run {kept.run} wrote, found something else: somebody has changed it since"
    return Problem(message, path_text(place), remedy="look at what changed it; `cutover init` begins a plan from it")


# -- the proof ---------------------------------------------------------------------------------------------------------


def _prove(places: tuple[FieldPath, ...], after: Json, base: Json) -> None:
    """Prove that the plan leads to what the base's ReplicaSet holds.

    Raises:
        CutoverError: it does not, which is a bug.
    """
    lost = tuple(place for place in places if not leads_to(after, base, place))
    if lost:
        where = ", ".join(map(path_text, lost))
        raise CutoverError(Problem(f"a bug in cutover: the plan does not lead back at {where}", remedy="report it"))


# -- whether a plan can undo the run -----------------------------------------------------------------------------------


_NEEDS_A_PERSON: Final = frozenset({Outcome.UNVERIFIED.value, Outcome.UNOBSERVABLE.value})


def demand_promoted(kept: KeptReport) -> None:
    """Demand that the run's values were promoted and its point of no return was not passed.

    Raises:
        RefusedError: otherwise, with what to do instead.
    """
    app = target_arguments(kept.target)
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


def _out_of_the_spec(kept: KeptReport) -> str:
    """Return the commands that take the run's values out of the spec.

    An abort alone leaves the spec as it is, and no plan is applied over a canary that is under way or aborted.
    """
    back = back_by_hand(kept.target, kept.base_revision)
    abort = f"`cutover abort {target_arguments(kept.target)}` takes back a canary that still stands"
    return f"{abort}, `{back}` the values (where Git owns the spec: revert them there)"


def _no_return(kept: KeptReport) -> NoReturn:
    message = (
        f"it passed its point of no return (pointOfNoReturn: {kept.point}): users may have written to the new side, "
        "and only a person can decide what becomes of that"
    )
    app = target_arguments(kept.target)
    refuse(kept, message, f"bring the data back first, then write a plan of your own: `cutover init {app}` begins one")


def refuse(kept: KeptReport, message: str, remedy: str) -> NoReturn:
    """End the command, because no plan can undo the run.

    Raises:
        RefusedError: always.
    """
    raise RefusedError(
        Problem(f"run {kept.run} cannot be undone by a plan: {message}", str(kept.target), remedy=remedy)
    )
