"""Where an environment variable's value comes from, and how an entry of `env` spells it."""

from collections.abc import Mapping
from typing import Any, Final

from cutover.core.base.documents import Json, at, flag, mapping, text
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText


@frozen
class LiteralValue:
    """The value stands in the template itself; it may be a credential all the same."""

    value: SecretText


@frozen
class FromSecret:
    """A key of a Secret. `optional` means: no variable at all where the key is missing."""

    name: str
    key: str
    optional: bool = False


@frozen
class FromConfigMap:
    """A key of a ConfigMap. `optional` means: no variable at all where the key is missing."""

    name: str
    key: str
    optional: bool = False


@frozen
class FromOther:
    """Something that a plan cannot set (`fieldRef metadata.name`); it can be replaced or removed."""

    what: str


@frozen
class Absent:
    """The container has no such variable in its `env`."""


EnvSource = LiteralValue | FromSecret | FromConfigMap | FromOther | Absent
"""What stands behind a variable's name in one container."""

Settable = LiteralValue | FromSecret | FromConfigMap | Absent
"""What a plan can put there; `Absent` removes the variable."""

_BOTH: Final = "value and valueFrom at once"


def source_of(entry: Json) -> EnvSource:
    """The source that an entry of `env` spells. An entry with a name only is the empty literal, as in Kubernetes."""
    reference = at(entry, "valueFrom")
    if reference is None:
        return _literal(entry)
    if at(entry, "value") not in (None, ""):
        return FromOther(_BOTH)
    return _reference(reference)


def entry_of(variable: str, source: LiteralValue | FromSecret | FromConfigMap) -> dict[str, Any]:
    """The entry of `env` that spells `source`: one of the two places where a sealed value is opened."""
    match source:
        case LiteralValue(value):
            return {"name": variable, "value": value.reveal()}
        case FromSecret():
            return {"name": variable, "valueFrom": {"secretKeyRef": _selector(source)}}
        case FromConfigMap():
            return {"name": variable, "valueFrom": {"configMapKeyRef": _selector(source)}}


def _literal(entry: Json) -> EnvSource:
    value = at(entry, "value")
    if value is None:
        return LiteralValue(SecretText(""))
    return LiteralValue(SecretText(value)) if isinstance(value, str) else FromOther("a value that is not a string")


def _reference(reference: Any) -> EnvSource:
    if not isinstance(reference, Mapping) or len(reference) != 1:
        return FromOther("a reference of a shape that cutover does not know")
    (kind, body), *_ = reference.items()
    name, key, optional = text(body, "name"), text(body, "key"), flag(body, "optional")
    match kind:
        case "secretKeyRef":
            return FromSecret(name, key, optional)
        case "configMapKeyRef":
            return FromConfigMap(name, key, optional)
        case _:
            return FromOther(f"{kind} {_words(mapping(reference, kind))}".strip())


def _words(body: Json) -> str:
    """The strings of a reference that has no meaning here (`metadata.name` of a `fieldRef`); all are names."""
    return " ".join(value for key, value in sorted(body.items()) if isinstance(value, str) and key != "apiVersion")


def _selector(source: FromSecret | FromConfigMap) -> dict[str, Any]:
    selector: dict[str, Any] = {"name": source.name, "key": source.key}
    return {**selector, "optional": True} if source.optional else selector


# in words ------------------------------------------------------------------------------------------------------------


# An env source in words, as messages and diffs show it.


def describe_source(variable: str, source: EnvSource, redactor: Redactor) -> str:
    """The source of a variable on one line: `secret payments-db/url`, `"on"`, `absent`. Literals are redacted."""
    match source:
        case LiteralValue(value):
            return _quoted(redactor.literal(variable, value))
        case FromSecret(name, key, optional):
            return _described_reference("secret", name, key, optional=optional)
        case FromConfigMap(name, key, optional):
            return _described_reference("configmap", name, key, optional=optional)
        case FromOther(what):
            return what
        case Absent():
            return "absent"


def _described_reference(kind: str, name: str, key: str, *, optional: bool) -> str:
    return f"{kind} {name}/{key}{' (optional)' if optional else ''}"


def _quoted(value: str) -> str:
    """The value in quotes, line ends and other unprintable characters spelled out, so that it stays on its line."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in value)
    return f'"{shown}"'
