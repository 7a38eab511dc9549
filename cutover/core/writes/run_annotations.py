"""The marks of a run on its Rollout, as types and as text: all that another machine needs to finish the run.

They are annotations, written in the same patch as the template, so the template is never ours without marks that say
so. They hold no value of the plan, because Argo copies annotations onto ReplicaSets (argo-rollouts v1.10.1
`utils/annotations/annotations.go: copyRolloutAnnotationsToReplicaSet`); the old values for the way back are read from
the ReplicaSet of the base instead (`core.writes.restore_template`).
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, Final, TypeVar

from cutover.core.base.documents import canonical
from cutover.core.base.frozen import frozen
from cutover.core.base.run_name import UNKNOWN_RUN, is_run_name
from cutover.core.plan.model import OnFailure, PointOfNoReturn, Promotion
from cutover.core.podtemplate.compare import ChangeWay, Difference
from cutover.core.podtemplate.field_paths import FieldPath

T = TypeVar("T")

RUN: Final = "cutover.dev/run"
"""Annotation of the Rollout: the name of the run."""

OWNER: Final = "cutover.dev/owner"
"""Annotation of the Rollout: the process that may write for the run. Every write tests it, so that a process that lost
the run writes nothing more.
"""

MARKS: Final = "cutover.dev/marks"
"""Annotation of the Rollout: everything else, as one JSON document (`Marks`)."""

PASSED: Final = "cutover.dev/passed"
"""Annotation of the Rollout: that the point of no return was passed, and which."""

ALL: Final = (RUN, OWNER, MARKS, PASSED)

LONGEST: Final = 64 * 1024
"""Bytes that all marks together may have; all annotations of an object share 256 KiB."""


@frozen
class EditMark:
    """One edited field path. `index` is the index of a removed item in its list of T0, or of an added one in T1.

    `shape` is that of the old value (`core.podtemplate.template_shape`); empty for an added one.
    """

    place: FieldPath
    way: ChangeWay
    index: int = 0
    shape: Any = ""

    @property
    def difference(self) -> Difference:
        """The edited field path and how it differs, as `core.podtemplate.compare` returns it."""
        return Difference(self.place, self.way, self.index)


@frozen
class ArmedMark:
    """The dead-man that the run armed: `seconds`, and what its two fields held before; None for an unset field."""

    seconds: int
    previous_seconds: int | None = None
    previous_abort: bool | None = None


@frozen
class DeadlineMark:
    """The time limits that a process needs to go on with the run, in seconds."""

    adopt: float
    ready: float
    hold: float
    bake: float
    relapse: float
    verify: float


@frozen
class Marks:
    """What a run intends. Digests are SHA-256 of canonical JSON; `base` is the hash that was stable, s0.

    `armed` is the dead-man, if the run armed one. `began` is in seconds since the epoch.
    """

    run: str
    plan: str
    plan_digest: str
    before_digest: str
    after_digest: str
    strategy_digest: str
    base: str
    base_revision: str
    edits: tuple[EditMark, ...]
    promotion: str
    on_failure: str
    point_of_no_return: str
    deadlines: DeadlineMark
    began: float
    armed: ArmedMark | None = None
    gates: tuple[str, ...] = ()
    mode: str = "apply"


@frozen
class UnreadableMarks:
    """There are marks of the run `run` that cannot be read; an unknown intent means restore."""

    run: str
    reason: str


def marks_of(annotations: Mapping[str, str]) -> Marks | UnreadableMarks | None:
    """Read the marks from the annotations of a Rollout; None where there are none."""
    text, run = annotations.get(MARKS, ""), annotations.get(RUN, "")
    if not text and not run:
        return None
    try:
        return _read(json.loads(text))
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError):
        name = run if is_run_name(run) else UNKNOWN_RUN
        return UnreadableMarks(name, "they are not as any version of cutover writes them")


def marks_text(marks: Marks) -> str:
    """Return the marks as canonical JSON."""
    return canonical(_spelled(marks))


def annotations_of(marks: Marks, owner: str) -> Mapping[str, str]:
    """Return the three annotations that are written with the new template: name, owner and marks of the run."""
    return {RUN: marks.run, OWNER: owner, MARKS: marks_text(marks)}


def too_large(marks: Marks, owner: str) -> bool:
    """Tell whether the marks take more than `LONGEST` bytes."""
    return sum(len(key) + len(value.encode()) for key, value in annotations_of(marks, owner).items()) > LONGEST


# -- the marks as JSON -------------------------------------------------------------------------------------------------

# Other versions of cutover read these keys: they stay, whatever the code calls a field.


def _spelled(marks: Marks) -> dict[str, Any]:
    limits = marks.deadlines
    return {
        "run": marks.run,
        "plan": marks.plan,
        "plan_digest": marks.plan_digest,
        "before_digest": marks.before_digest,
        "after_digest": marks.after_digest,
        "strategy_digest": marks.strategy_digest,
        "base": marks.base,
        "base_revision": marks.base_revision,
        "edits": [
            {"place": list(edit.place), "way": edit.way.value, "index": edit.index, "shape": edit.shape}
            for edit in marks.edits
        ],
        "promotion": marks.promotion,
        "on_failure": marks.on_failure,
        "point_of_no_return": marks.point_of_no_return,
        "deadlines": {
            "adopt": limits.adopt,
            "ready": limits.ready,
            "hold": limits.hold,
            "bake": limits.bake,
            "relapse": limits.relapse,
            "verify": limits.verify,
        },
        "began": marks.began,
        "armed": [_spelled_armed(mark) for mark in _listed(marks.armed)],
        "gates": list(marks.gates),
        "mode": marks.mode,
    }


def _spelled_armed(mark: ArmedMark) -> dict[str, Any]:
    return {
        "seconds": mark.seconds,
        "previous_seconds": _listed(mark.previous_seconds),
        "previous_abort": _listed(mark.previous_abort),
    }


def _listed(value: T | None) -> list[T]:
    """Return the value as the marks spell what may be absent: a list of it, or an empty one."""
    return [] if value is None else [value]


def _read(document: Any) -> Marks:
    """Return the marks in a document.

    Raises:
        ValueError, LookupError, TypeError: they are not as `_spelled` writes them.
    """
    limits = document["deadlines"]
    return Marks(
        run=_run(document["run"]),
        plan=_of(str, document["plan"]),
        plan_digest=_of(str, document["plan_digest"]),
        before_digest=_of(str, document["before_digest"]),
        after_digest=_of(str, document["after_digest"]),
        strategy_digest=_of(str, document["strategy_digest"]),
        base=_of(str, document["base"]),
        base_revision=_of(str, document["base_revision"]),
        edits=tuple(map(_edit, _of(list, document["edits"]))),
        promotion=_word(Promotion, document["promotion"]),
        on_failure=_word(OnFailure, document["on_failure"]),
        point_of_no_return=_word(PointOfNoReturn, document["point_of_no_return"]),
        deadlines=DeadlineMark(
            adopt=_seconds(limits["adopt"]),
            ready=_seconds(limits["ready"]),
            hold=_seconds(limits["hold"]),
            bake=_seconds(limits["bake"]),
            relapse=_seconds(limits["relapse"]),
            verify=_seconds(limits["verify"]),
        ),
        began=_seconds(document["began"]),
        armed=_only(document.get("armed", []), _armed),
        gates=tuple(_of(str, gate) for gate in _of(list, document.get("gates", []))),
        mode=_of(str, document.get("mode", "apply")),
    )


def _edit(document: Any) -> EditMark:
    place = tuple(_of(str, step) if isinstance(step, str) else _of(int, step) for step in _of(list, document["place"]))
    return EditMark(place, ChangeWay(document["way"]), _of(int, document.get("index", 0)), document.get("shape", ""))


def _armed(document: Any) -> ArmedMark:
    return ArmedMark(
        _of(int, document["seconds"]),
        _only(document.get("previous_seconds", []), partial(_of, int)),
        _only(document.get("previous_abort", []), partial(_of, bool)),
    )


def _word(kind: type[StrEnum], value: Any) -> str:
    """Return a word of this version; one of another version is an intent that nobody here can carry out."""
    return kind(_of(str, value)).value


def _run(value: Any) -> str:
    name = _of(str, value)
    if not is_run_name(name):
        raise ValueError("expected the name of a run")
    return name


def _only(document: Any, read: Callable[[Any], T]) -> T | None:
    """Return the value in a list of at most one, as `_listed` makes it."""
    listed = _of(list, document)
    if len(listed) > 1:
        raise ValueError(f"expected at most one value, found {len(listed)}")
    return read(listed[0]) if listed else None


def _seconds(value: Any) -> float:
    return float(value) if type(value) is int else _of(float, value)


def _of(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}")
    if isinstance(value, str):
        value.encode()  # half a surrogate pair is no text: no journal could hold it
    return value
