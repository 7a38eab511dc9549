"""Resolve changes of kind `patch`: operations that the plan spells out itself, for what no other kind covers."""

from collections.abc import Iterator
from typing import Any

import jsonpatch
import jsonpointer

from cutover.core.base.documents import Operation
from cutover.core.base.errors import Problem
from cutover.core.base.outcomes import Outcome
from cutover.core.patch.planned import RawPatch, Rejection, ResolveContext
from cutover.core.plan.changes import PatchChange, PatchOperation
from cutover.core.podtemplate.compare import respelled, same
from cutover.core.podtemplate.field_paths import copied


def raw_patches(change: PatchChange, context: ResolveContext) -> tuple[RawPatch | Rejection, ...]:
    """Return what the operations do to this template; nothing where all of them have been carried out already."""
    rollout = copied({"spec": {"template": context.template}})
    if all(_is_done(operation, rollout) for operation in change.operations if operation.op != "test"):
        return ()
    objections = tuple(_rejections(change, rollout))
    return objections or (RawPatch(tuple(map(_spelled, change.operations))),)


def _rejections(change: PatchChange, rollout: dict[str, Any]) -> Iterator[Rejection]:
    """Yield a rejection for the first operation that fails; the later ones depend on its result."""
    for operation in change.operations:
        try:
            jsonpatch.apply_patch(rollout, [_spelled(operation)], in_place=True)
        except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException):
            yield _stale(operation)
            return


def _spelled(operation: PatchOperation) -> Operation:
    return {"op": operation.op, "path": operation.path, **dict(zip(("value",), operation.value, strict=False))}


def _is_done(operation: PatchOperation, rollout: dict[str, Any]) -> bool:
    """Whether the Rollout already is as the operation leaves it; an appended value may be anywhere in its list."""
    around, _, last = operation.path.rpartition("/")
    holders, stands = _at(rollout, around), _at(rollout, operation.path) if last != "-" else ()
    if operation.op == "remove":
        return any(isinstance(holder, dict) for holder in holders) and not stands
    appended = (item for holder in holders if last == "-" and isinstance(holder, list) for item in holder)
    place = operation.path.split("/")
    wanted = (respelled(value, place) for value in operation.value)
    return any(same(respelled(item, place), value) for value in wanted for item in (*stands, *appended))


def _at(rollout: dict[str, Any], path: str) -> tuple[Any, ...]:
    """Return the value at a pointer as a tuple of one, or an empty tuple if there is none."""
    try:
        return (jsonpointer.resolve_pointer(rollout, path),)
    except jsonpointer.JsonPointerException:
        return ()


def _stale(operation: PatchOperation) -> Rejection:
    expected = {
        "test": f"what the plan says at {operation.path}",
        "add": f"a place to add to around {operation.path}",
    }.get(operation.op, f"something at {operation.path}")
    live_value = "something else" if operation.op == "test" else "nothing"
    at = operation.at
    remedy = "look at the live template (kubectl get rollout NAME -o yaml), then correct the plan"
    return Rejection(
        Outcome.STALE,
        Problem(f"expected {expected}, found {live_value}", path=at.path, file=at.file, line=at.line, remedy=remedy),
    )
