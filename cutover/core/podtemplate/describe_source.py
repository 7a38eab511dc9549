"""An env source in words, as messages and diffs show it."""

from cutover.core.base.redaction import Redactor
from cutover.core.podtemplate.env_source import Absent, EnvSource, FromConfigMap, FromOther, FromSecret, Literal


def words(variable: str, source: EnvSource, redactor: Redactor) -> str:
    """The source of a variable on one line: `secret payments-db/url`, `"on"`, `absent`. Literals are redacted."""
    match source:
        case Literal(value):
            return _quoted(redactor.literal(variable, value))
        case FromSecret(name, key, optional):
            return _reference("secret", name, key, optional=optional)
        case FromConfigMap(name, key, optional):
            return _reference("configmap", name, key, optional=optional)
        case FromOther(what):
            return what
        case Absent():
            return "absent"


def _reference(kind: str, name: str, key: str, *, optional: bool) -> str:
    return f"{kind} {name}/{key}{' (optional)' if optional else ''}"


def _quoted(value: str) -> str:
    """The value in quotes, line ends and other unprintable characters spelled out, so that it stays on its line."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in value)
    return f'"{shown}"'
