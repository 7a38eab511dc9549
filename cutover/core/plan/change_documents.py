"""The document types for the changes of a plan: one type for each kind of change, with every key and its type."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue

from cutover.core.plan.field_types import (
    ConfigKeyName,
    ConfigValue,
    DataRelationWord,
    DnsLabel,
    DocumentPart,
    IssuerUrl,
    OneLine,
    OnlyTrue,
    Pointer,
    Subdomain,
    TextValue,
    VariableName,
    YesOrNo,
)
from cutover.core.plan.yaml_events import Unquoted

NEW_VALUES: Final = ("value", "secretKeyRef", "configMapKeyRef", "remove")
"""The new value of a variable: exactly one of these keys of `env`."""

OLD_VALUES: Final = ("value", "secretKeyRef", "configMapKeyRef", "absent")
"""The expected old value of a variable: exactly one of these keys of `from`."""

ADDRESSES: Final = ("value", "secretKeyRef", "configMapKeyRef")
"""The address of a database: exactly one of these keys of `database.to`."""

SOURCES: Final = ("fromFile", "fromEnv", "fromStdin", "secretKeyRef")
"""The source of the value of a Secret's key: exactly one of these keys. A literal is not possible."""

KINDS: Final = ("env", "configMap", "secret", "database", "oidc", "patch")
"""The kinds of change: exactly one of these keys of an entry of `changes`."""

NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?")
"""A number in the syntax of JSON, of a size that every parser can read."""


class KeyRefDocument(DocumentPart):
    """`secretKeyRef` or `configMapKeyRef` of a variable; the key need not exist if it is `optional`."""

    name: Subdomain
    key: ConfigKeyName
    optional: YesOrNo = False


class SecretKeyDocument(DocumentPart):
    """`secretKeyRef` as the source of a value: the key must exist."""

    name: Subdomain
    key: ConfigKeyName


def _apart(*keys: str) -> dict[str, JsonValue]:
    """Return the JSON Schema rule that not all of these keys may be set."""
    return {"not": {"required": list(keys)}}


def _exactly_one(keys: tuple[str, ...], *apart: str) -> ConfigDict:
    """Return the JSON Schema rule that exactly one of `keys` is set, and not all of `apart`."""
    rule: dict[str, JsonValue] = {"oneOf": [{"required": [key]} for key in keys]}
    return ConfigDict(json_schema_extra=rule | (_apart(*apart) if apart else {}))


class OldDocument(DocumentPart):
    """`from`: exactly one of its keys; `core.plan.rules` checks that."""

    model_config = _exactly_one(OLD_VALUES)

    value: TextValue | None = None
    secret_key_ref: KeyRefDocument | None = None
    config_map_key_ref: KeyRefDocument | None = None
    absent: OnlyTrue | None = None


class EnvDocument(DocumentPart):
    """`env`: exactly one of `value`, `secretKeyRef`, `configMapKeyRef`, `remove`; `core.plan.rules` checks that."""

    model_config = _exactly_one(NEW_VALUES, "container", "allContainers")

    name: VariableName
    container: DnsLabel | None = None
    all_containers: OnlyTrue | None = None
    value: TextValue | None = None
    secret_key_ref: KeyRefDocument | None = None
    config_map_key_ref: KeyRefDocument | None = None
    remove: OnlyTrue | None = None
    expects: OldDocument | None = Field(default=None, alias="from")
    mode: Annotated[Literal["set", "replace", "add"], Field(description="set, replace or add")] = "set"


class NewDatabaseDocument(DocumentPart):
    """`database.to`: exactly one of its keys."""

    model_config = _exactly_one(ADDRESSES)

    value: TextValue | None = None
    secret_key_ref: KeyRefDocument | None = None
    config_map_key_ref: KeyRefDocument | None = None


class DatabaseDocument(DocumentPart):
    """`database`: the variable with a database's address, and `dataRelation`, how the new data relates to the old."""

    model_config = ConfigDict(json_schema_extra=_apart("container", "allContainers"))

    engine: Annotated[Literal["postgres", "mysql"], Field(description="postgres or mysql")]
    env: VariableName
    container: DnsLabel | None = None
    all_containers: OnlyTrue | None = None
    to: NewDatabaseDocument
    expects: OldDocument | None = Field(default=None, alias="from")
    data_relation: DataRelationWord


class NewIssuerDocument(DocumentPart):
    """`oidc.to`: the new issuer, and the application's client there, if the plan names it."""

    issuer: IssuerUrl
    client_id: OneLine | None = None


class OidcDocument(DocumentPart):
    """`oidc`: the variable with an identity provider's issuer, and whose tokens the application accepts meanwhile."""

    model_config = ConfigDict(json_schema_extra=_apart("container", "allContainers"))

    provider: Annotated[Literal["keycloak", "other"], Field(description="keycloak or other")] = "keycloak"
    env: VariableName
    container: DnsLabel | None = None
    all_containers: OnlyTrue | None = None
    to: NewIssuerDocument
    expects: OldDocument | None = Field(default=None, alias="from")
    accepts: list[Annotated[Literal["old", "new"], Field(description="old or new")]] = Field(
        default=[], description="a list of whose tokens the application accepts: old, new or both"
    )


class ConfigMapDocument(DocumentPart):
    """`configMap`: the keys to set in a copy of the ConfigMap, and the keys to remove."""

    name: Subdomain
    to: Annotated[dict[ConfigKeyName, ConfigValue], Field(min_length=1, description="keys and their values")] | None = (
        Field(default=None, alias="set")
    )
    removed: Annotated[list[ConfigKeyName], Field(min_length=1, description="a list of keys")] | None = Field(
        default=None, alias="remove"
    )


class SourceDocument(DocumentPart):
    """The source of the value of a Secret's key: exactly one of its keys."""

    model_config = _exactly_one(SOURCES)

    from_file: Annotated[OneLine, Field(description="the path of a file, seen from where the plan lies")] | None = None
    from_env: VariableName | None = None
    from_stdin: OnlyTrue | None = None
    secret_key_ref: SecretKeyDocument | None = None


class SecretDocument(DocumentPart):
    """`secret`: the keys to set in a copy of the Secret, and the keys to remove."""

    name: Subdomain
    to: (
        Annotated[dict[ConfigKeyName, SourceDocument], Field(min_length=1, description="keys and their sources")] | None
    ) = Field(default=None, alias="set")
    removed: Annotated[list[ConfigKeyName], Field(min_length=1, description="a list of keys")] | None = Field(
        default=None, alias="remove"
    )


def _json(written: object) -> object:
    """Return a patch's value as JSON: unquoted numbers become numbers, which are text in `env` and `configMap`.

    Raises:
        ValueError: an unquoted word is not JSON.
    """
    match written:
        case Unquoted(text, "a number") if NUMBER.fullmatch(text):
            return float(text) if any(mark in text for mark in ".eE") else int(text)
        case Unquoted():
            raise ValueError("not JSON")
        case dict():
            return {key: _json(value) for key, value in written.items()}
        case list():
            return [_json(value) for value in written]
        case _:
            return written


class OperationDocument(DocumentPart):
    """An entry of `patch`: an operation of RFC 6902. Every operation but `remove` has a value."""

    op: Annotated[Literal["add", "replace", "remove", "test"], Field(description="add, replace, remove or test")]
    path: Pointer
    value: Annotated[Any, BeforeValidator(_json), Field(description="a value of JSON; numbers as in JSON")] = None


class ChangeDocument(DocumentPart):
    """An entry of `changes`: its one key is the kind of change."""

    model_config = _exactly_one(KINDS)

    env: EnvDocument | None = None
    config_map: ConfigMapDocument | None = None
    secret: SecretDocument | None = None
    database: DatabaseDocument | None = None
    oidc: OidcDocument | None = None
    patch: Annotated[list[OperationDocument], Field(min_length=1, description="a list of operations")] | None = None
