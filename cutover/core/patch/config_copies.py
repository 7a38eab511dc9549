"""Copies of config objects: a ConfigMap or Secret is never edited, a new one with other content takes its place.

An edit in place would reach the stable pods at their next restart, and no abort could take it back (argo-rollouts
issue 1297). A copy is immutable. A ConfigMap's is named by its content; a Secret's by chance, because the hash of a
weak secret can be guessed.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import field
from hashlib import sha256
from typing import Any, Final

from cutover.core.base.canonical import digest
from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import Sealed
from cutover.core.objects.config_object import text_of
from cutover.core.objects.snapshot import ConfigKey
from cutover.core.podtemplate.env_source import Absent, Literal

COPY_OF: Final = "cutover.dev/copy-of"
"""Label of a copy: the name of the object whose place it takes."""

PLAN: Final = "cutover.dev/plan"
"""Label of a copy: the plan that it was made for."""

RUN: Final = "cutover.dev/run"
"""Label of a copy: the run that made it."""

_LONGEST_NAME: Final = 253
_LONGEST_LABEL: Final = 63
_HASH: Final = 10


@frozen
class KeyChange:
    """One key of a config object: what it holds, and what it is to hold."""

    key: str
    before: Literal | Absent
    after: Literal | Absent


@frozen
class Copy:
    """A config object that is to be made. `base` is the name in the plan, `source` that of the object it is made from.

    `contents` holds every key in base64, `binary` the keys that are no text. `type` is a Secret's.
    """

    kind: str
    name: str
    base: str
    source: str
    changes: tuple[KeyChange, ...]
    contents: Mapping[str, Sealed] = field(repr=False)
    binary: frozenset[str] = frozenset()
    type: str = ""

    @property
    def key(self) -> ConfigKey:
        """Kind and name."""
        return self.kind, self.name

    @property
    def keys(self) -> frozenset[str]:
        """The names of its keys."""
        return frozenset(self.contents)


def hashed_name(base: str, contents: Mapping[str, Sealed]) -> str:
    """The name of a ConfigMap's copy: equal content, equal name."""
    return suffixed_name(base, content_digest(contents)[:_HASH])


def content_digest(contents: Mapping[str, Sealed]) -> str:
    """What tells the content of a ConfigMap from any other, in hexadecimal."""
    return digest({key: value.reveal() for key, value in contents.items()})


def suffixed_name(base: str, suffix: str) -> str:
    """The base's name with a suffix, cut where a name would be too long."""
    return f"{base[: _LONGEST_NAME - len(suffix) - 1].rstrip('-.')}-{suffix}"


def label_of(name: str) -> str:
    """A name as the value of a label, which is shorter than a name can be."""
    return name if len(name) <= _LONGEST_LABEL else sha256(name.encode()).hexdigest()[:_LONGEST_LABEL]


def encoded(text: Sealed) -> Sealed:
    """Text as the API spells a Secret's."""
    return Sealed(b64encode(text.reveal().encode()).decode())


def decoded(contents: Sealed) -> Sealed:
    """The text that a value in base64 stands for."""
    return Sealed(text_of(contents.reveal()))


def changes_between(before: Mapping[str, Sealed], after: Mapping[str, Sealed]) -> tuple[KeyChange, ...]:
    """The keys that are not the same, by their content in base64."""
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return tuple(KeyChange(key, _literal(before, key), _literal(after, key)) for key in keys)


def _literal(contents: Mapping[str, Sealed], key: str) -> Literal | Absent:
    return Literal(decoded(contents[key])) if key in contents else Absent()


def ends_its_only_line(held: Literal | Absent) -> bool:
    """Whether a value is one line with a line break at its end: the usual way in which a file spells one word."""
    text = held.value.reveal() if isinstance(held, Literal) else ""
    return text.endswith("\n") and text.count("\n") == 1 and text.strip() != ""


def body_of(copy: Copy, plan: str, run: str) -> dict[str, Any]:
    """The object as it is made: one of the places where sealed values are opened."""
    labels = {COPY_OF: label_of(copy.base), PLAN: label_of(plan), RUN: label_of(run)}
    body = {
        "apiVersion": "v1",
        "kind": copy.kind,
        "metadata": {"name": copy.name, "labels": labels},
        "immutable": True,
    }
    return {**body, **_data(copy)}


def _data(copy: Copy) -> dict[str, Any]:
    opened = {key: value.reveal() for key, value in copy.contents.items()}
    if copy.kind == "Secret":
        return {"data": opened, **({"type": copy.type} if copy.type else {})}
    data = {key: b64decode(value).decode() for key, value in opened.items() if key not in copy.binary}
    binary = {key: value for key, value in opened.items() if key in copy.binary}
    return {"data": data, **({"binaryData": binary} if binary else {})}
