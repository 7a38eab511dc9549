"""Makes the changes that undo a run: of variables if a plan can name the old value, else operations of a patch."""

from collections.abc import Iterator
from typing import Final

from cutover.core.base.documents import Json, Operation
from cutover.core.base.errors import Problem, RefusedError
from cutover.core.base.redaction import Redactor
from cutover.core.plan.changes import EnvChange, OneContainer, PatchChange, PatchOperation
from cutover.core.podtemplate.compare import is_env_entry
from cutover.core.podtemplate.env_source import FromOther, LiteralValue
from cutover.core.podtemplate.field_paths import FieldPath, path_text
from cutover.core.review.new_plan_changes import PlacedChange, fits, guarded, is_masked
from cutover.core.review.new_plan_flags import unfit_env
from cutover.core.review.undo_operations import is_so, is_telling, source_at, way_back

_PATCH: Final = "What stood there before, for what no other kind of change covers; `test` is what stands there now."


def changes_back(places: tuple[FieldPath, ...], live: Json, base: Json, redactor: Redactor) -> tuple[PlacedChange, ...]:
    """Return the changes that put what `base` holds at the field paths into `live`; none if it is there already.

    Raises:
        RefusedError: a credential stood there, which belongs into no plan; the field path of each is named.
        StaleError: what a value has to be put back into is gone.
    """
    open_ = tuple(place for place in dict.fromkeys(places) if not is_so(live, base, place))
    _demand_no_credential(open_, base, redactor)
    variables = tuple(place for place in open_ if _is_sayable(place, base))
    others = tuple(place for place in open_ if place not in variables)
    return (*(_variable(place, live, base, redactor) for place in variables), *_patch(others, live, base, redactor))


def _is_sayable(place: FieldPath, base: Json) -> bool:
    """Whether a plan can put the old value back by a change of kind `env`."""
    if not is_env_entry(place):
        return False
    container, variable = str(place[2]), str(place[4])
    old = source_at(base, place)
    return not isinstance(old, FromOther) and fits(variable, old) and not unfit_env(_named(container, variable))


def _named(container: str, variable: str) -> dict[str, str]:
    return {"name": variable, "container": container}


def _variable(place: FieldPath, live: Json, base: Json, redactor: Redactor) -> PlacedChange:
    old = source_at(base, place)
    if isinstance(old, FromOther):
        raise TypeError("a plan cannot set that")
    change = EnvChange(str(place[4]), old, OneContainer(str(place[2])))
    return guarded(change, source_at(live, place), redactor)


def _patch(places: tuple[FieldPath, ...], live: Json, base: Json, redactor: Redactor) -> Iterator[PlacedChange]:
    way = way_back(places, live, base, redactor)
    if way.operations:
        yield PlacedChange(PatchChange(tuple(map(_written, way.operations))), (_PATCH, *way.notes))


def _written(operation: Operation) -> PatchOperation:
    value = (operation["value"],) if "value" in operation else ()
    return PatchOperation(operation["op"], operation["path"], value)


def _demand_no_credential(places: tuple[FieldPath, ...], base: Json, redactor: Redactor) -> None:
    problems = tuple(_credential(place) for place in places if _was_credential(place, base, redactor))
    if problems:
        raise RefusedError(*problems)


def _was_credential(place: FieldPath, base: Json, redactor: Redactor) -> bool:
    old = source_at(base, place) if is_env_entry(place) else FromOther("")
    if isinstance(old, LiteralValue):
        return is_masked(str(place[4]), old.value, redactor)
    return is_telling(base, place, redactor)


def _credential(place: FieldPath) -> Problem:
    what = "what stood there before the run looks like a credential, which belongs into no plan"
    into = f" with `--set-secret {place[4]}=SECRET/KEY`" if is_env_entry(place) else ""
    return Problem(what, path_text(place), remedy=f"put it into a Secret, then point there: `cutover init APP`{into}")
