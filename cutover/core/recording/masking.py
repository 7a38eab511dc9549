"""Masks values that only their field shows to be a secret, or to be a document of their own.

Everything else is redacted string by string, or as the JSON document that it is (`encode`). Everything is redacted just
once: twice gives another result. Equal values stay equal: an edit's literal and the entry of that variable in a
template are masked in the same way.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from cutover.core.base.redaction import Redactor
from cutover.core.objects.meta import Meta
from cutover.core.patch.edit import EnvEdit
from cutover.core.podtemplate.env_source import LiteralValue

_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
"""An annotation with a copy of the whole object and every literal of its template; it is left out, as no decision
needs it.
"""


def by_place(value: Any, encoded: dict[str, Any], redactor: Redactor) -> dict[str, Any]:
    """Return `encoded`, the value's document, with literals masked by their variable's name, and annotations masked."""
    match value:
        case EnvEdit():
            return {**encoded, **dict(_literals(value, encoded, redactor))}
        case Meta() if "annotations" in encoded:
            notes = ((key, text) for key, text in value.annotations.items() if key != _APPLIED)
            return {**encoded, "annotations": {key: _note(key, text, redactor) for key, text in notes}}
        case _:
            return encoded


def _literals(edit: EnvEdit, encoded: dict[str, Any], redactor: Redactor) -> Iterator[tuple[str, Any]]:
    for name, source in (("before", edit.before), ("after", edit.after)):
        if isinstance(source, LiteralValue) and name in encoded:
            yield name, {**encoded[name], "value": redactor.literal(edit.variable, source.value)}


def _note(key: str, text: str, redactor: Redactor) -> Any:
    """Mask an annotation; some tools keep a whole object in one, with every literal of its template."""
    try:
        parsed = json.loads(text) if text.startswith(("{", "[")) else ""
    except (ValueError, RecursionError):
        parsed = ""
    return json.dumps(redactor.document(parsed)) if parsed else redactor.document({key: text})[key]
