"""Reads from the kept report of a run what a plan that undoes the run needs."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from cutover.core.base.documents import at, flag, objects, text
from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.base.target import Target
from cutover.core.engine.facts import Adopted, Promoted
from cutover.core.patch.edit import single
from cutover.core.plan.yaml_tree import shortened
from cutover.core.podtemplate.field_paths import FieldPath, is_list

_MANY: Final = 5
_TEXTS: Final = (("outcome",), ("plan", "name"), ("target", "rollout"), ("target", "namespace"))
_OBJECTS: Final = ("base", "pointOfNoReturn")


@frozen
class KeptReport:
    """What was read from a report. `base` is the hash of the revision before, `base_revision` Argo's number for it.

    `revision` is the hash of the revision that the run made, empty if the report does not hold it; `point` is the
    plan's point of no return, and `passed` whether the run passed it.
    """

    run: str
    plan: str
    file: str
    target: Target
    outcome: str
    base: str
    base_revision: str
    revision: str
    places: tuple[FieldPath, ...]
    point: str
    passed: bool


def kept_report(run: str, document: Any) -> KeptReport:
    """Read the report of that run.

    Raises:
        UsageError: it lacks what is needed; then another version wrote it.
    """
    if lacking := tuple(_lacking(document)):
        message = f"the report of run {run} lacks {', '.join(lacking)}: another version of cutover wrote it"
        raise UsageError(Problem(message, remedy="write the way back by hand: `cutover init APP` makes a plan"))
    return KeptReport(
        run=run,
        plan=text(document, "plan", "name"),
        file=text(document, "plan", "file"),
        target=Target(
            rollout=text(document, "target", "rollout"),
            namespace=text(document, "target", "namespace"),
            app=text(document, "target", "app"),
            context=text(document, "target", "context"),
        ),
        outcome=text(document, "outcome"),
        base=text(document, "base", "hash"),
        base_revision=text(document, "base", "revision"),
        revision=_revision(document),
        places=single(tuple(tuple(edit["place"]) for edit in objects(document, "edits"))),
        point=text(document, "pointOfNoReturn", "at"),
        passed=flag(document, "pointOfNoReturn", "passed"),
    )


def _lacking(document: Any) -> Iterator[str]:
    """Yield the required keys that are missing or hold a value of the wrong type."""
    yield from (".".join(key) for key in _TEXTS if not text(document, *key))
    yield from (key for key in _OBJECTS if not isinstance(at(document, key), Mapping))
    if not is_list(at(document, "edits")) or not all(map(_is_place, _places(document))):
        yield "edits[].place"


def _places(document: Any) -> Iterator[Any]:
    return (at(edit, "place") for edit in at(document, "edits"))


def _is_place(value: Any) -> bool:
    return is_list(value) and bool(value) and all(type(step) in (str, int) for step in value)


def _revision(document: Any) -> str:
    """Return the hash that the controller was last seen to give to the run's template; empty if it never was."""
    kinds = (Adopted.kind, Promoted.kind)
    hashes = [text(fact, "data", "hash") for fact in objects(document, "facts") if text(fact, "kind") in kinds]
    return hashes[-1] if hashes else ""


def unknown_run(run: str, known: tuple[str, ...]) -> UsageError:
    """Return the error that no report of this run is kept here; `known` are the runs with one, the newest first."""
    near = tuple(get_close_matches(run, known, n=_MANY)) or known[:_MANY]
    there = f"name one of: {', '.join(near)} (`cutover runs` tells more)"
    nowhere = "no report is kept here: try the machine that carried the run out"
    message = f'no report of a run "{shortened(run)}" is kept on this machine'
    return UsageError(Problem(message, "RUN", remedy=there if near else nowhere))
