"""Expands `$(VAR)` in a container's literals as Kubernetes does.

Only variables earlier in the same `env` are known (Kubernetes `pkg/kubelet/kubelet_pods.go:
makeEnvironmentVariables`); a reference to any other variable stays as it is written.
"""

import re
from collections.abc import Mapping
from typing import Final

from cutover.core.base.redaction import Redactor
from cutover.core.podtemplate.config_references import literal_text, variable_references
from cutover.core.podtemplate.containers import Container, EnvEntry
from cutover.core.podtemplate.env_source import Absent, LiteralValue, describe_source

_REFERENCE: Final = re.compile(r"\$\$|\$\(([^()]{1,1024})\)")


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
        case Absent():
            return ""
        case source:
            return f"<{describe_source(entry.name, source, redactor)}>"


def _put_in(match: re.Match[str], known: Mapping[str, str]) -> str:
    return "$" if match[0] == "$$" else known.get(match[1], match[0])
