"""The write of the cutover: one patch with the plan's edits, the run's marks, the dead-man, and nothing else."""

from collections.abc import Mapping
from typing import Any, Final

from cutover.core.base.documents import Json, Operation
from cutover.core.base.target import Target
from cutover.core.objects.rollout import RolloutView
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.compare import alike
from cutover.core.writes.deadman import arming
from cutover.core.writes.guards import annotation, revision_is, same_object, stable_is, template_is, test
from cutover.core.writes.run_annotations import PASSED, ArmedMark
from cutover.core.writes.write import Write, WriteName

UNMARKED: Final[Mapping[str, str]] = {}


def cutover_write(
    target: Target,
    rollout: RolloutView,
    edits: Edits,
    marks: Mapping[str, str] = UNMARKED,
    armed: ArmedMark | None = None,
) -> Write:
    """Return the guarded patch that turns T0 into T1; it is refused unless the Rollout is exactly as it was reviewed.

    `marks` are the annotations of the run; those that a dead run left are replaced only if they are unchanged.
    """
    status = rollout.status
    guards = (
        same_object(rollout.meta.uid),
        template_is(rollout.template),
        test("/spec/strategy", rollout.strategy),
        stable_is(status.stable_rs),
        revision_is(status.current_pod_hash),
    )
    return Write(
        name=WriteName.CUTOVER,
        title=f"write {_count(edits)} to the template of rollout {target}",
        target=target,
        operations=(*guards, *_marking(rollout, marks), *arming(rollout, armed), *edits.operations),
        proof=_stands(edits, marks),
    )


def template_stands(template: Json) -> Any:
    """Return the proof that the spec holds exactly this template."""
    return lambda rollout: rollout.template == template


def _stands(edits: Edits, marks: Mapping[str, str]) -> Any:
    """Return the proof that the spec holds T1 and the marks are ours: a run of an equal plan makes an equal T1."""

    def stands(rollout: RolloutView) -> bool:
        ours = marks.items() <= rollout.meta.annotations.items()
        return ours and alike(rollout.template, edits.after, edits.places)

    return stands


def _marking(rollout: RolloutView, marks: Mapping[str, str]) -> tuple[Operation, ...]:
    """Return the operations that set the marks; marks of another run have to be as they were seen."""
    there = rollout.meta.annotations
    begin = ({"op": "add", "path": "/metadata/annotations", "value": {}},) if marks and not there else ()
    seen = (test(annotation(name), there[name]) for name in marks if name in there)
    added = ({"op": "add", "path": annotation(name), "value": value} for name, value in marks.items())
    passed = ({"op": "remove", "path": annotation(PASSED)},) if marks and PASSED in there else ()
    return (*begin, *seen, *passed, *added)


def _count(edits: Edits) -> str:
    number = len(edits.edits)
    return f"{number} edit" if number == 1 else f"{number} edits"
