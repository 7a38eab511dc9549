"""Describes edits and copies in words, as diffs and reports show them; everything has been through the redactor."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.patch.edit import ConfigCopy, Edit, EnvEdit, FieldEdit, KeyChange
from cutover.core.plan.changes import Change, DatabaseChange, OidcChange
from cutover.core.podtemplate.env_source import (
    EnvSource,
    FromConfigMap,
    FromSecret,
    LiteralValue,
    describe_source,
)
from cutover.core.podtemplate.field_paths import Value

_WIDEST: Final = 160


class EditAct(StrEnum):
    """Whether an edit changes, adds or removes a variable or field."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Meaning(StrEnum):
    """The heading under which the diff shows an edit."""

    DATABASE = "Database endpoint"
    IDENTITY = "Identity provider"
    ENVIRONMENT = "Environment"
    OBJECTS = "Config objects"
    FIELDS = "Other fields"


@frozen
class Entry:
    """One edit in words. `variable` is empty if another field is edited; then `field` names it. Values are redacted."""

    meaning: Meaning
    act: EditAct
    container: str
    init: bool
    variable: str
    pointer: str
    before: str
    after: str
    field: str = ""

    @property
    def home(self) -> str:
        """Return the container as people name it; `pod` for a field of the pod itself."""
        return f"{self.container} (init)" if self.init else self.container or "pod"

    @property
    def name(self) -> str:
        """Return the variable, or the other field, that is edited."""
        return self.variable or self.field


@frozen
class KeyLine:
    """One key of a copy in words; `before` and `after` are empty for a Secret and for long values."""

    key: str
    act: EditAct
    before: str
    after: str

    def __str__(self) -> str:
        arrow = f" {self.before} → {self.after}" if self.before or self.after else ""
        return f"{self.key}: {self.act.value}{arrow}"


@frozen
class CopyEntry:
    """A copy that a run makes, in words: the object that it replaces, and the keys that differ in it."""

    kind: str
    name: str
    source: str
    keys: tuple[KeyLine, ...]

    @property
    def document(self) -> dict[str, Any]:
        """Return the copy as part of a JSON document."""
        keys = [{"key": k.key, "act": k.act.value, "from": k.before, "to": k.after} for k in self.keys]
        return {"kind": self.kind, "source": self.source, "name": self.name, "keys": keys}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return a line about the copy, then one for each key."""
        head = f"{self.kind} {self.source} → {self.name} (a new immutable copy; {self.source} stays as it is)"
        return head, *map(str, self.keys)


def describe_edit(
    edit: Edit, redactor: Redactor, changes: tuple[Change, ...] = (), copies: tuple[ConfigCopy, ...] = ()
) -> Entry:
    """Describe an edit; the plan's changes and the copies tell what it is about."""
    meaning = _meaning(edit, changes, copies)
    match edit:
        case EnvEdit(container, init, variable, pointer, before, after):
            texts = (describe_source(variable, before, redactor), describe_source(variable, after, redactor))
            return Entry(meaning, _act(edit), container, init, variable, pointer, *texts)
        case FieldEdit(_, pointer, before, after):
            texts = (_part(edit, before, redactor), _part(edit, after, redactor))
            home, init = _home(edit)
            field = edit.name.removeprefix(f"spec.{'initContainers' if init else 'containers'}[{home}].")
            return Entry(meaning, _act(edit), home, init, "", pointer, *texts, field=field)


def _home(edit: FieldEdit) -> tuple[str, bool]:
    match edit.place:
        case ("spec", "containers" | "initContainers" as listed, str() as name, _, *_):
            return name, listed == "initContainers"
        case _:
            return "", False


def _act(edit: Edit) -> EditAct:
    if edit.before is None:
        return EditAct.ADDED
    return EditAct.REMOVED if edit.after is None else EditAct.CHANGED


def _part(edit: FieldEdit, part: Value | None, redactor: Redactor) -> str:
    """Return a part of a template, redacted, on one line; a long one is cut off."""
    if part is None:
        return "absent"
    key = next((step for step in reversed(edit.place) if isinstance(step, str)), "")
    shown = json.dumps(_cleaned(key, part.document, redactor), ensure_ascii=False)
    return shown if len(shown) <= _WIDEST else f"{shown[:_WIDEST]}…"


def _cleaned(key: str, value: Any, redactor: Redactor) -> Any:
    return redactor.document({key: value})[key]


# -- what an edit is about ---------------------------------------------------------------------------------------------


def _meaning(edit: Edit, changes: tuple[Change, ...], copies: tuple[ConfigCopy, ...]) -> Meaning:
    if isinstance(edit, EnvEdit) and (typed := tuple(_typed(edit, changes))):
        return typed[0]
    if any(_switches(edit, copy) for copy in copies):
        return Meaning.OBJECTS
    return Meaning.ENVIRONMENT if isinstance(edit, EnvEdit) else Meaning.FIELDS


def _typed(edit: EnvEdit, changes: tuple[Change, ...]) -> Iterator[Meaning]:
    """Yield the meaning of each database or OIDC change of the plan that sets this variable."""
    for change in changes:
        if isinstance(change, DatabaseChange | OidcChange) and _is_of(edit, change):
            yield Meaning.DATABASE if isinstance(change, DatabaseChange) else Meaning.IDENTITY


def _is_of(edit: EnvEdit, change: DatabaseChange | OidcChange) -> bool:
    return edit.variable == change.env.variable and change.env.container in ("", edit.container)


def _switches(edit: Edit, copy: ConfigCopy) -> bool:
    """Whether the edit only replaces the reference to the copy's source by one to the copy."""
    return (_named(edit.before, copy), _named(edit.after, copy)) == (copy.source, copy.name)


def _named(value: EnvSource | Value | None, copy: ConfigCopy) -> str:
    match value:
        case FromSecret(name) if copy.kind == "Secret":
            return name
        case FromConfigMap(name) if copy.kind == "ConfigMap":
            return name
        case LiteralValue() | FromSecret() | FromConfigMap() | None:
            return ""
        case _:
            return str(getattr(value, "document", ""))


# -- copies ------------------------------------------------------------------------------------------------------------


def copy_entry(copy: ConfigCopy, redactor: Redactor) -> CopyEntry:
    """Return the copy and its changed keys in words; values only of a ConfigMap, and only short ones."""
    return CopyEntry(copy.kind, copy.name, copy.source, tuple(_key(change, copy, redactor) for change in copy.changes))


def _key(change: KeyChange, copy: ConfigCopy, redactor: Redactor) -> KeyLine:
    act = EditAct.ADDED if change.before is None else EditAct.CHANGED
    act = EditAct.REMOVED if change.after is None else act
    shown = () if copy.kind == "Secret" else (change.before, change.after)
    texts = tuple(describe_source(change.key, source, redactor) for source in shown)
    short = texts if all(len(each) <= _WIDEST for each in texts) else ()
    before, after = short or ("", "")
    return KeyLine(change.key, act, before, after)
