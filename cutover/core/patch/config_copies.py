"""Copies of ConfigMaps and Secrets, and the changes of the template that refer it to them.

A config object is never edited; a copy with other content takes its place.

An edit in place would reach the stable pods at their next restart, and no abort could take it back (argo-rollouts
issue 1297). A copy is immutable. The name of a ConfigMap's copy ends in a hash of its content; that of a
Secret's copy in a random suffix, because the hash of a weak secret can be guessed.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.documents import digest
from cutover.core.base.errors import Problem
from cutover.core.base.outcomes import Outcome
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.config_object import ConfigRead, text_of
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import ConfigId
from cutover.core.patch.edit import ConfigCopy, FieldEdit, KeyChange, field_edit
from cutover.core.patch.planned import Rejection, ResolveContext, Supplied
from cutover.core.plan.changes import ConfigMapChange, SecretChange, ValueSource
from cutover.core.podtemplate.config_references import Mention, mentions
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from cutover.core.podtemplate.field_paths import Value

COPY_OF: Final = "cutover.dev/copy-of"
"""Label of a copy: the name of the object that it replaces."""

PLAN: Final = "cutover.dev/plan"
"""Label of a copy: the plan that it was made for."""

RUN: Final = "cutover.dev/run"
"""Label of a copy: the run that made it."""

_LONGEST_NAME: Final = 253
_LONGEST_LABEL: Final = 63
_HASH: Final = 10


def hashed_name(base: str, contents: Mapping[str, SecretText]) -> str:
    """Return the name of a ConfigMap's copy: equal content gives an equal name."""
    return suffixed_name(base, content_digest(contents)[:_HASH])


def content_digest(contents: Mapping[str, SecretText]) -> str:
    """Return the SHA-256 of all keys and values, in hexadecimal; it depends on no order."""
    return digest({key: value.reveal() for key, value in contents.items()})


def suffixed_name(base: str, suffix: str) -> str:
    """Return the base's name with a suffix, cut where the result would be too long for a name."""
    return f"{base[: _LONGEST_NAME - len(suffix) - 1].rstrip('-.')}-{suffix}"


def label_of(name: str) -> str:
    """Return the name as the value of a label; a name that is too long for a label is replaced by its hash."""
    return name if len(name) <= _LONGEST_LABEL else sha256(name.encode()).hexdigest()[:_LONGEST_LABEL]


def encoded(text: SecretText) -> SecretText:
    """Return the text in base64 (of UTF-8), as the API writes the values of a Secret."""
    return SecretText(b64encode(text.reveal().encode()).decode())


def decoded(contents: SecretText) -> SecretText:
    """Return a value in base64 as text; bytes that are not text are escaped."""
    return SecretText(text_of(contents.reveal()))


def changes_between(before: Mapping[str, SecretText], after: Mapping[str, SecretText]) -> tuple[KeyChange, ...]:
    """Return a change for each key whose content (in base64) differs."""
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return tuple(KeyChange(key, _literal(before, key), _literal(after, key)) for key in keys)


def _literal(contents: Mapping[str, SecretText], key: str) -> LiteralValue | None:
    return LiteralValue(decoded(contents[key])) if key in contents else None


def ends_its_only_line(value: LiteralValue | None) -> bool:
    """Tell whether a value is one line that ends with a line break, as a file with a single word usually does."""
    text = value.value.reveal() if isinstance(value, LiteralValue) else ""
    return text.endswith("\n") and text.count("\n") == 1 and text.strip() != ""


def body_of(copy: ConfigCopy, plan: str, run: str) -> dict[str, Any]:
    """Return the object to create; this is one of the few functions that reveal `SecretText`."""
    labels = {COPY_OF: label_of(copy.base), PLAN: label_of(plan), RUN: label_of(run)}
    body = {
        "apiVersion": "v1",
        "kind": copy.kind,
        "metadata": {"name": copy.name, "labels": labels},
        "immutable": True,
    }
    return {**body, **_data(copy)}


def _data(copy: ConfigCopy) -> dict[str, Any]:
    opened = {key: value.reveal() for key, value in copy.contents.items()}
    if copy.kind == "Secret":
        return {"data": opened, **({"type": copy.type} if copy.type else {})}
    data = {key: b64decode(value).decode() for key, value in opened.items() if key not in copy.binary}
    binary = {key: value for key, value in opened.items() if key in copy.binary}
    return {"data": data, **({"binaryData": binary} if binary else {})}


# -- resolving a change of a config object ----------------------------------------------------------------------------


ObjectChangeKind = ConfigMapChange | SecretChange

NOT_REFERENCED: Final = "C070"
NOT_COPYABLE: Final = "C071"


def config_changes(change: ObjectChangeKind, context: ResolveContext) -> tuple[ConfigCopy | FieldEdit | Rejection, ...]:
    """Return the copies to make and the references to switch to them; nothing if the content is already as planned."""
    matches = tuple(mention for mention in mentions(context.template) if _is_meant(change, mention, context))
    if not matches:
        return (_rejection(change, NOT_REFERENCED, *_no_reference(change, context)),)
    return tuple(
        each
        for name in dict.fromkeys(mention.name for mention in matches)
        for each in _changes_of(change, name, context)
    )


def _is_meant(change: ObjectChangeKind, mention: Mention, context: ResolveContext) -> bool:
    """Tell whether a reference is to the object that the change names, or to a copy that replaced it earlier."""
    if mention.kind != change.kind:
        return False
    original = context.inputs.objects.get((mention.kind, mention.name))
    labels: Mapping[str, str] = original.meta.labels if isinstance(original, ConfigRead) else {}
    return mention.name == change.name or labels.get(COPY_OF) == label_of(change.name)


def _changes_of(
    change: ObjectChangeKind, name: str, context: ResolveContext
) -> Iterator[ConfigCopy | FieldEdit | Rejection]:
    """Yield the copy of the object of that name and the references to switch, or why it cannot be copied."""
    original = context.inputs.objects.get((change.kind, name), ReadFailed(name, "it was not read"))
    if not isinstance(original, ConfigRead):
        yield _rejection(change, NOT_COPYABLE, *_not_there(change, name, original))
        return
    content = _content(change, original, context)
    rejections = [value for value in content.values() if isinstance(value, Rejection)]
    yield from rejections
    supplied = {key: value for key, value in content.items() if isinstance(value, Supplied)}
    if not rejections and {key: value.contents for key, value in supplied.items()} != dict(original.contents):
        copy = _copy(change, original, supplied, context)
        yield copy
        yield from _redirections(copy, context)


def _redirections(copy: ConfigCopy, context: ResolveContext) -> Iterator[FieldEdit]:
    matches = (
        mention for mention in mentions(context.template) if (mention.kind, mention.name) == (copy.kind, copy.source)
    )
    old, new = Value(copy.source), Value(copy.name)
    yield from (field_edit(context.template, mention.place, old, new) for mention in matches)


# -- the content of the copy -------------------------------------------------------------------------------------------


def _content(
    change: ObjectChangeKind, original: ConfigRead, context: ResolveContext
) -> Mapping[str, Supplied | Rejection]:
    """Return every key of the copy with its value, or with the rejection if the value cannot be read."""
    kept = {key: value for key, value in original.contents.items() if key not in change.removed}
    before = {key: Supplied(value, key in original.binary) for key, value in kept.items()}
    return {**before, **{key: _supplied(change, source, context) for key, source in change.to}}


def _supplied(change: ObjectChangeKind, source: ValueSource, context: ResolveContext) -> Supplied | Rejection:
    match source:
        case LiteralValue(value):
            return Supplied(encoded(value))
        case FromSecret(name, key, _):
            return _from_secret(change, name, key, context)
        case _:
            return context.inputs.supplied[source]


def _from_secret(change: ObjectChangeKind, name: str, key: str, context: ResolveContext) -> Supplied | Rejection:
    original = context.inputs.objects.get(("Secret", name), ReadFailed(name, "it was not read"))
    if not isinstance(original, ConfigRead):
        return _rejection(change, NOT_COPYABLE, *_not_there(change, name, original, kind="Secret"))
    if key not in original.contents:
        there = ", ".join(sorted(original.keys)) or "none"
        return _rejection(change, NOT_COPYABLE, f"Secret {name} has no key {key} (it has: {there})", "correct the key")
    return Supplied(original.contents[key], key in original.binary)


def _copy(
    change: ObjectChangeKind, original: ConfigRead, content: Mapping[str, Supplied], context: ResolveContext
) -> ConfigCopy:
    contents = {key: value.contents for key, value in content.items()}
    secret = change.kind == "Secret"
    name = suffixed_name(change.name, context.inputs.suffix) if secret else hashed_name(change.name, contents)
    return ConfigCopy(
        kind=change.kind,
        name=name,
        base=change.name,
        source=original.meta.name,
        changes=changes_between(original.contents, contents),
        contents=contents,
        binary=frozenset(key for key, value in content.items() if value.binary),
        type=original.type,
    )


# -- rejections --------------------------------------------------------------------------------------------------------


def _no_reference(change: ObjectChangeKind, context: ResolveContext) -> tuple[str, str]:
    others = sorted({mention.name for mention in mentions(context.template) if mention.kind == change.kind})
    there = f"it refers to: {', '.join(others)}" if others else "it refers to none"
    return f"the template does not refer to {change.kind} {change.name} ({there})", "correct the name in the plan"


def _not_there(
    change: ObjectChangeKind, name: str, original: NotFound | ReadFailed, kind: str = ""
) -> tuple[Words, str]:
    thing = f"{kind or change.kind} {name}"
    if isinstance(original, NotFound):
        return f"{thing} does not exist", "correct the name in the plan, or create the object"
    resource = (kind or change.kind).lower() + "s"
    return sentence(f"{thing} cannot be copied: ", original.reason), f"`kubectl auth can-i get {resource}` tells"


def _rejection(change: ObjectChangeKind, code: str, message: Words, remedy: str) -> Rejection:
    at = change.at
    problem = Problem(message, path=at.path, file=at.file, line=at.line, remedy=remedy, code=code)
    return Rejection(Outcome.REFUSED, problem)


def objects_of(change: ObjectChangeKind) -> tuple[ConfigId, ...]:
    """Return the config objects that a change needs read: its own, and the Secrets that values are taken from."""
    sources = (source for _, source in change.to if isinstance(source, FromSecret))
    return ((change.kind, change.name), *(("Secret", source.name) for source in sources))
