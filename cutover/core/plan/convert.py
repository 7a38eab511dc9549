"""Converts a valid plan document into a `Plan`: keys that are not set get defaults, text becomes values."""

from typing import Any

from cutover.core.base.documents import digest
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.base.units import seconds_of
from cutover.core.plan.change_documents import (
    ChangeDocument,
    ConfigMapDocument,
    DatabaseDocument,
    EnvDocument,
    KeyRefDocument,
    NewDatabaseDocument,
    OidcDocument,
    OldDocument,
    OperationDocument,
    SecretDocument,
    SourceDocument,
)
from cutover.core.plan.changes import (
    Change,
    ConfigMapChange,
    ContainerChoice,
    DatabaseChange,
    DataRelation,
    EnvChange,
    EnvMode,
    EveryContainer,
    ExpectedSource,
    FromEnvironment,
    FromFile,
    FromStdin,
    OidcChange,
    OneContainer,
    OnlyContainer,
    PatchChange,
    PatchOperation,
    PlanPosition,
    SecretChange,
    ValueSource,
)
from cutover.core.plan.document import AllowDocument, PlanDocument, TargetDocument, WatchDocument
from cutover.core.plan.model import AUTO, Allowance, Auto, OnFailure, Plan, PointOfNoReturn, Promotion, WatchPolicy
from cutover.core.plan.yaml_events import Unquoted
from cutover.core.plan.yaml_tree import PlanPath, Tree, spelled_path
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret, LiteralValue, Settable


def plan_of(document: PlanDocument, tree: Tree) -> Plan:
    """Return the plan of a document that breaks no rule; `tree` gives the lines."""
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
        deadman=spec.deadman.seconds if spec.deadman else None,
        allow=tuple(_allowance(entry, tree, index) for index, entry in enumerate(spec.allow)),
        file=tree.file,
    )


def _point(written: str, changes: tuple[Change, ...]) -> PointOfNoReturn:
    """Return the point of no return that is written.

    By default it is `canaryReady` if the canary writes to a database whose data is apart, and `none` otherwise.
    """
    if written:
        return PointOfNoReturn(written)
    databases = (change for change in changes if isinstance(change, DatabaseChange))
    apart = any(not database.relation.harmless for database in databases)
    return PointOfNoReturn.CANARY_READY if apart else PointOfNoReturn.NONE


def _spelled(data: Any) -> Any:
    """Return the data as JSON for the digest: each unquoted word, such as a number, as the text that was written."""
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
    path: PlanPath = ("spec", "allow", index)
    return Allowance(entry.code, entry.reason, line=tree.line((*path, "code")), path=spelled_path((*path, "code")))


def change_of(change: ChangeDocument, tree: Tree, index: int) -> Change:
    """Return the change of a document that breaks no rule; `index` is its index in the plan."""
    path: PlanPath = ("spec", "changes", index)
    match change:
        case ChangeDocument(env=EnvDocument() as env):
            return _env_change(env, tree, (*path, "env"))
        case ChangeDocument(database=DatabaseDocument() as database):
            return _database_change(database, tree, (*path, "database"))
        case ChangeDocument(oidc=OidcDocument() as oidc):
            return _oidc_change(oidc, tree, (*path, "oidc"))
        case ChangeDocument(config_map=ConfigMapDocument() as config_map):
            return _config_map_change(config_map, _written(tree, (*path, "configMap"), "name"))
        case ChangeDocument(secret=SecretDocument() as secret):
            return _secret_change(secret, _written(tree, (*path, "secret"), "name"))
        case _:
            return _patch_change(change.patch or [], tree, (*path, "patch"))


def _written(tree: Tree, path: PlanPath, key: str | int) -> PlanPosition:
    return PlanPosition(tree.file, tree.line((*path, key)), spelled_path(path))


def _env_change(env: EnvDocument, tree: Tree, path: PlanPath) -> EnvChange:
    return EnvChange(
        variable=env.name,
        to=_source(env),
        where=_where(env),
        expects=_expected(env),
        mode=EnvMode(env.mode),
        at=_written(tree, path, "name"),
    )


def _database_change(database: DatabaseDocument, tree: Tree, path: PlanPath) -> DatabaseChange:
    return DatabaseChange(
        engine=database.engine,
        relation=DataRelation(database.data_relation),
        env=EnvChange(
            variable=database.env,
            to=_source(database.to),
            where=_where(database),
            expects=_expected(database),
            at=_written(tree, path, "env"),
        ),
    )


def _oidc_change(oidc: OidcDocument, tree: Tree, path: PlanPath) -> OidcChange:
    return OidcChange(
        provider=oidc.provider,
        issuer=oidc.to.issuer,
        env=EnvChange(
            variable=oidc.env,
            to=LiteralValue(SecretText(oidc.to.issuer)),
            where=_where(oidc),
            expects=_expected(oidc),
            at=_written(tree, path, "env"),
        ),
        client=oidc.to.client_id or "",
        accepts=tuple(oidc.accepts),
    )


def _config_map_change(document: ConfigMapDocument, at: PlanPosition) -> ConfigMapChange:
    to = tuple((key, LiteralValue(SecretText(value))) for key, value in (document.to or {}).items())
    return ConfigMapChange("ConfigMap", document.name, to, tuple(document.removed or ()), at)


def _secret_change(document: SecretDocument, at: PlanPosition) -> SecretChange:
    to = tuple((key, _supply(source)) for key, source in (document.to or {}).items())
    return SecretChange("Secret", document.name, to, tuple(document.removed or ()), at)


def _supply(source: SourceDocument) -> ValueSource:
    if source.from_file is not None:
        return FromFile(source.from_file)
    if source.from_env is not None:
        return FromEnvironment(source.from_env)
    if source.secret_key_ref is not None:
        return FromSecret(source.secret_key_ref.name, source.secret_key_ref.key)
    return FromStdin()


def _patch_change(operations: list[OperationDocument], tree: Tree, path: PlanPath) -> PatchChange:
    converted = (_operation(operation, tree, (*path, index)) for index, operation in enumerate(operations))
    return PatchChange(tuple(converted), _written(tree, path, 0))


def _operation(written: OperationDocument, tree: Tree, path: PlanPath) -> PatchOperation:
    value = () if written.op == "remove" else (written.value,)
    return PatchOperation(written.op, written.path, value, _written(tree, path, "path"))


def _where(written: EnvDocument | DatabaseDocument | OidcDocument) -> ContainerChoice:
    if written.all_containers:
        return EveryContainer()
    return OneContainer(written.container) if written.container else OnlyContainer()


def _expected(written: EnvDocument | DatabaseDocument | OidcDocument) -> ExpectedSource | None:
    return ExpectedSource(_source(written.expects)) if written.expects else None


def _source(written: EnvDocument | OldDocument | NewDatabaseDocument) -> Settable | None:
    """Return the one source that is written; the remaining cases, `remove` and `absent`, both mean no variable."""
    if written.value is not None:
        return LiteralValue(SecretText(written.value))
    if written.secret_key_ref:
        return FromSecret(*_reference(written.secret_key_ref))
    if written.config_map_key_ref:
        return FromConfigMap(*_reference(written.config_map_key_ref))
    return None


def _reference(written: KeyRefDocument) -> tuple[str, str, bool]:
    return written.name, written.key, written.optional
