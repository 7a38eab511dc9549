"""From the document to the plan: what is not written gets its default, text becomes values."""

from typing import Any

from cutover.core.canonical import digest
from cutover.core.plan.document import (
    AllowDocument,
    EnvDocument,
    KeyRefDocument,
    OldDocument,
    PlanDocument,
    TargetDocument,
    WatchDocument,
)
from cutover.core.plan.durations import seconds_of
from cutover.core.plan.model import (
    AUTO,
    Allowance,
    Anything,
    Auto,
    EnvChange,
    EveryContainer,
    Mode,
    OneContainer,
    OnFailure,
    OnlyContainer,
    Plan,
    PointOfNoReturn,
    Promotion,
    WatchPolicy,
    Where,
)
from cutover.core.plan.place import Path, spelled
from cutover.core.plan.scalars import Unquoted
from cutover.core.plan.tree import Tree
from cutover.core.sealed import Sealed
from cutover.core.template.source import Absent, FromConfigMap, FromSecret, Literal, Settable
from cutover.core.world import Target


def plan_of(document: PlanDocument, tree: Tree) -> Plan:
    """The plan of a document that keeps every rule; `tree` gives the lines."""
    spec = document.spec
    return Plan(
        name=document.metadata.name,
        target=_target(spec.target),
        changes=tuple(_change(change.env, tree, index) for index, change in enumerate(spec.changes)),
        digest=digest(_spelled(tree.data)),
        description=document.metadata.description,
        watch=_watch(spec.watch),
        promotion=Promotion(spec.promotion),
        on_failure=OnFailure(spec.on_failure),
        point_of_no_return=PointOfNoReturn(spec.point_of_no_return),
        deadman=(spec.deadman.seconds,) if spec.deadman else (),
        allow=tuple(_allowance(entry, tree, index) for index, entry in enumerate(spec.allow)),
        file=tree.file,
    )


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


def _change(env: EnvDocument, tree: Tree, index: int) -> EnvChange:
    path: Path = ("spec", "changes", index, "env")
    return EnvChange(
        variable=env.name,
        to=_source(env),
        where=_where(env),
        expects=_source(env.expects) if env.expects else Anything(),
        mode=Mode(env.mode),
        file=tree.file,
        line=tree.line((*path, "name")),
        path=spelled(path),
    )


def _allowance(entry: AllowDocument, tree: Tree, index: int) -> Allowance:
    path: Path = ("spec", "allow", index)
    return Allowance(entry.code, entry.reason, line=tree.line((*path, "code")), path=spelled((*path, "code")))


def _where(env: EnvDocument) -> Where:
    if env.all_containers:
        return EveryContainer()
    return OneContainer(env.container) if env.container else OnlyContainer()


def _source(written: EnvDocument | OldDocument) -> Settable:
    """The one source that is written; `remove` and `absent`, which are what is left, both mean no variable."""
    if written.value is not None:
        return Literal(Sealed(written.value))
    if written.secret_key_ref:
        return FromSecret(*_reference(written.secret_key_ref))
    if written.config_map_key_ref:
        return FromConfigMap(*_reference(written.config_map_key_ref))
    return Absent()


def _reference(written: KeyRefDocument) -> tuple[str, str, bool]:
    return written.name, written.key, written.optional
