"""From the document to the plan: what is not written gets its default, text becomes values."""

from typing import Any

from cutover.core.base.canonical import digest
from cutover.core.base.durations import seconds_of
from cutover.core.base.target import Target
from cutover.core.plan.changes import Change, DatabaseChange
from cutover.core.plan.convert_changes import change_of
from cutover.core.plan.document import AllowDocument, PlanDocument, TargetDocument, WatchDocument
from cutover.core.plan.model import AUTO, Allowance, Auto, OnFailure, Plan, PointOfNoReturn, Promotion, WatchPolicy
from cutover.core.plan.plan_paths import Path, spelled
from cutover.core.plan.yaml_scalars import Unquoted
from cutover.core.plan.yaml_tree import Tree


def plan_of(document: PlanDocument, tree: Tree) -> Plan:
    """The plan of a document that keeps every rule; `tree` gives the lines."""
    spec = document.spec
    changes = tuple(change_of(change, tree, index) for index, change in enumerate(spec.changes))
    return Plan(
        name=document.metadata.name,
        target=_target(spec.target),
        changes=changes,
        digest=digest(_spelled(tree.data)),
        description=document.metadata.description,
        watch=_watch(spec.watch),
        promotion=Promotion(spec.promotion),
        on_failure=OnFailure(spec.on_failure),
        point_of_no_return=_point(spec.point_of_no_return or "", changes),
        deadman=(spec.deadman.seconds,) if spec.deadman else (),
        allow=tuple(_allowance(entry, tree, index) for index, entry in enumerate(spec.allow)),
        file=tree.file,
    )


def _point(written: str, changes: tuple[Change, ...]) -> PointOfNoReturn:
    """What is written; else a canary that writes to data of its own is where nothing points back any more."""
    if written:
        return PointOfNoReturn(written)
    databases = (change for change in changes if isinstance(change, DatabaseChange))
    apart = any(not database.relation.harmless for database in databases)
    return PointOfNoReturn.CANARY_READY if apart else PointOfNoReturn.NONE


def _spelled(data: Any) -> Any:
    """The data with its numbers as they are spelled: a JSON document like any other."""
    match data:
        case dict():
            return {key: _spelled(value) for key, value in data.items()}
        case list():
            return [_spelled(item) for item in data]
        case Unquoted(text, _):
            return text
        case _:
            return data


def _target(target: TargetDocument) -> Target:
    return Target(
        rollout=target.rollout or target.app,
        namespace=target.namespace or target.app,
        app=target.app,
        context=target.context or "",
    )


def _watch(watch: WatchDocument) -> WatchPolicy:
    return WatchPolicy(
        ready_within=_wait(watch.ready_within),
        adopt_within=seconds_of(watch.adopt_within),
        hold=_wait(watch.hold),
        bake=seconds_of(watch.bake),
    )


def _wait(text: str) -> Auto | float:
    return AUTO if text == "auto" else seconds_of(text)


def _allowance(entry: AllowDocument, tree: Tree, index: int) -> Allowance:
    path: Path = ("spec", "allow", index)
    return Allowance(entry.code, entry.reason, line=tree.line((*path, "code")), path=spelled((*path, "code")))
