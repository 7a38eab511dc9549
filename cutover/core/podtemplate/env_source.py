"""The sources of an environment variable's value: read from and written as an entry of `env`, and put into words."""

from collections.abc import Mapping
from typing import Any, Final

from cutover.core.base.documents import Json, at, flag, mapping, text
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText


@frozen
class LiteralValue:
    """The value is in the template itself; it may still be a credential."""

    value: SecretText


@frozen
class FromSecret:
    """A key of a Secret. `optional` means: no variable at all if the key is missing."""

    name: str
    key: str
    optional: bool = False


@frozen
class FromConfigMap:
    """A key of a ConfigMap. `optional` means: no variable at all if the key is missing."""

    name: str
    key: str
    optional: bool = False


@frozen
class FromOther:
    """A source that a plan cannot set (`fieldRef metadata.name`), but can replace or remove."""

    what: str


Settable = LiteralValue | FromSecret | FromConfigMap
"""The sources that a plan can set."""

EnvSource = Settable | FromOther
"""The source of a variable's value in one container; None where its `env` has no such variable."""

_BOTH: Final = "value and valueFrom at once"


def source_of(entry: Json) -> EnvSource:
    """Return the source in an entry of `env`. An entry with only a name is the empty literal, as in Kubernetes."""
    reference = at(entry, "valueFrom")
    if reference is None:
        return _literal(entry)
    if at(entry, "value") not in (None, ""):
        return FromOther(_BOTH)
    return _reference(reference)


def entry_of(variable: str, source: Settable) -> dict[str, Any]:
    """Return the entry of `env` for `source`. This is one of the two places where a secret text is revealed."""
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
    """Return the strings of any other kind of reference (`metadata.name` of a `fieldRef`); all of them are names."""
    return " ".join(value for key, value in sorted(body.items()) if isinstance(value, str) and key != "apiVersion")


def _selector(source: FromSecret | FromConfigMap) -> dict[str, Any]:
    selector: dict[str, Any] = {"name": source.name, "key": source.key}
    return {**selector, "optional": True} if source.optional else selector


def describe_source(variable: str, source: EnvSource | None, redactor: Redactor) -> str:
    """Return a variable's source in words, for messages and diffs: `secret payments-db/url`, `"on"`, `absent`.

    The text is one line, and literals are redacted.
    """
    match source:
        case LiteralValue(value):
            return _quoted(redactor.literal(variable, value))
        case FromSecret(name, key, optional):
            return _described_reference("secret", name, key, optional=optional)
        case FromConfigMap(name, key, optional):
            return _described_reference("configmap", name, key, optional=optional)
        case FromOther(what):
            return what
        case None:
            return "absent"


def _described_reference(kind: str, name: str, key: str, *, optional: bool) -> str:
    return f"{kind} {name}/{key}{' (optional)' if optional else ''}"


def _quoted(value: str) -> str:
    """Return the value in quotes, with newlines and other unprintable characters escaped, so that it is one line."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in value)
    return f'"{shown}"'
