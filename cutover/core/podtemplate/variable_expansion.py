"""Finds `$(VAR)` in a container's literals and arguments, and expands it as Kubernetes does.

Only variables earlier in the same `env` are known (Kubernetes `pkg/kubelet/kubelet_pods.go:
makeEnvironmentVariables`); a reference to any other variable stays as it is written.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from cutover.core.base.documents import at, text
from cutover.core.base.redaction import Redactor
from cutover.core.podtemplate.containers import Container, EnvEntry
from cutover.core.podtemplate.env_source import LiteralValue, describe_source

# `$$(NAME)` is an escape (pkg/third_party/forked/golang/expansion in Kubernetes): it means the text `$(NAME)`.
_REFERENCE: Final = re.compile(r"\$\$|\$\(([^()]{1,1024})\)")


def variable_references(text: str) -> tuple[str, ...]:
    """Return the variables that a value or an argument names by `$(VAR)`, in their order."""
    return tuple(match[1] for match in _REFERENCE.finditer(text) if match[1])


def arguments_naming(container: Container, variable: str) -> tuple[str, ...]:
    """Return which of `command` and `args` name the variable by `$(VAR)`."""
    words = ((field, at(container.document, field)) for field in ("command", "args"))
    named = ((field, _words(value)) for field, value in words)
    return tuple(field for field, texts in named if any(variable in variable_references(word) for word in texts))


def literal_text(container: Container, entry: EnvEntry) -> str:
    """Return the literal as it is in the document. Use it only to find names in it: it may be a secret."""
    return text(container.document["env"][entry.index], "value")


def expanded(container: Container, redactor: Redactor) -> Mapping[str, str]:
    """Return the expanded literals, redacted, of the variables that name others.

    A value that is not a literal is shown as its source in `<>`.
    """
    naming = {entry.index: variable_references(literal_text(container, entry)) for entry in container.env}
    named = {name for names in naming.values() for name in names}
    known: dict[str, str] = {}
    expanded_values: dict[str, str] = {}
    for entry in container.env:
        if not naming[entry.index] and entry.name not in named:
            continue  # not needed here, and redacting a megabyte of literals takes a second
        known[entry.name] = _shown(entry, known, redactor)
        if naming[entry.index]:
            expanded_values[entry.name] = known[entry.name]
    return expanded_values


def _shown(entry: EnvEntry, known: Mapping[str, str], redactor: Redactor) -> str:
    match entry.source:
        case LiteralValue(value):
            # Redacted before it is expanded: the values that are put in have been redacted already.
            return _REFERENCE.sub(lambda match: _put_in(match, known), redactor.literal(entry.name, value))
        case None:
            return ""
        case source:
            return f"<{describe_source(entry.name, source, redactor)}>"


def _put_in(match: re.Match[str], known: Mapping[str, str]) -> str:
    return "$" if match[0] == "$$" else known.get(match[1], match[0])


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list | tuple) else ()
