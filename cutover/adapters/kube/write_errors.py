"""Explaining why the API server refused a write, without quoting any value of the template."""

from collections.abc import Iterable, Iterator, Mapping
from secrets import token_bytes
from typing import Any, Final

from jsonpatch import JsonPointer

from cutover.adapters.kube.api_errors import StatusDocument
from cutover.core.base.cluster_text import ClusterText, Words, sentence
from cutover.core.base.documents import Json, Operation
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.server_words import DRY_RUN_UNSUPPORTED, NO_RIGHT
from cutover.core.writes.write import Objection

_FORBIDDEN: Final = 403
_BAD_REQUEST: Final = 400

_LITERAL_KEYS: Final = frozenset({"value", "args", "command"})


def failed_guard(operations: Iterable[Operation], document: Json) -> str:
    """The path of the first guard (`test`) that does not hold in a document; empty if all hold."""
    guards = (operation for operation in operations if operation["op"] == "test")
    return next((guard["path"] for guard in guards if not _holds(guard, document)), "")


def objection_of(code: int, status: StatusDocument | None) -> Objection:
    """What the API server refused a write for, as far as its answer tells."""
    message = status.message if status is not None else ClusterText()
    if code == _FORBIDDEN and message.says(NO_RIGHT):
        return Objection.RIGHT
    return Objection.DRY_RUN if code == _BAD_REQUEST and message.says(DRY_RUN_UNSUPPORTED) else Objection.OTHER


def refusal_text(operations: Iterable[Operation], code: int, status: StatusDocument | None) -> Words:
    """The refusal in the server's own words.

    A validation error (422) quotes the values that it objects to, so only its paths are given. Webhooks may quote
    values in their messages, too, so the literals of the patch are masked; whoever shows the message masks the rest.
    """
    if status is None:
        return f"the answer was {code}, and not from the API server itself"
    if status.fields or status.reason == "Invalid":
        return f"{status.reason}: {', '.join(status.fields) or 'it is not said what'}"
    literals = {text for operation in operations for text in _literals(operation.get("value"), literal=True)}
    masked = Redactor(token_bytes(16)).knowing(map(SecretText, literals)).whole(status.message)
    return sentence(f"{status.reason}: ", ClusterText(masked))


def _literals(value: Any, *, literal: bool) -> Iterator[str]:
    """The strings of an operation's value that may be secrets: not names, images and the like."""
    if isinstance(value, str):
        yield from (value,) if literal else ()
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _literals(item, literal=key in _LITERAL_KEYS)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _literals(item, literal=literal)


def _holds(guard: Operation, document: Json) -> bool:
    """Whether a guard holds, by the API server's rule: a missing path equals null (evanphx/json-patch `test`)."""
    return bool(JsonPointer(guard["path"]).resolve(document, None) == guard["value"])
