"""Changes of config objects: which copy takes whose place, and every reference to it in the template."""

from collections.abc import Iterator, Mapping
from typing import Final

from cutover.core.base.errors import Problem
from cutover.core.base.outcomes import Outcome
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.read_results import Missing, Unreadable
from cutover.core.objects.snapshot import ConfigKey
from cutover.core.patch.config_copies import (
    COPY_OF,
    Copy,
    changes_between,
    encoded,
    hashed_name,
    label_of,
    suffixed_name,
)
from cutover.core.patch.planned import Live, Objection, Supplied, Switch
from cutover.core.plan.changes import ConfigMapChange, SecretChange, Source
from cutover.core.podtemplate.config_mentions import Mention, mentions
from cutover.core.podtemplate.env_source import FromSecret, Literal

Change = ConfigMapChange | SecretChange

NOT_REFERENCED: Final = "C070"
NOT_COPYABLE: Final = "C071"


def found(change: Change, live: Live) -> tuple[Copy | Switch | Objection, ...]:
    """The copies that are to be made and the references that are to be switched; nothing where all is so already."""
    held = tuple(mention for mention in mentions(live.template) if _is_meant(change, mention, live))
    if not held:
        return (_objection(change, NOT_REFERENCED, *_no_reference(change, live)),)
    return tuple(each for name in dict.fromkeys(mention.name for mention in held) for each in _of(change, name, live))


def _is_meant(change: Change, mention: Mention, live: Live) -> bool:
    """Whether a reference is to the object that the change names, or to a copy that took its place before."""
    if mention.kind != change.kind:
        return False
    stands = live.stock.objects.get((mention.kind, mention.name))
    labels: Mapping[str, str] = stands.meta.labels if isinstance(stands, ConfigRead) else {}
    return mention.name == change.name or labels.get(COPY_OF) == label_of(change.name)


def _of(change: Change, name: str, live: Live) -> Iterator[Copy | Switch | Objection]:
    """What is to be done about the object of that name."""
    stands = live.stock.objects.get((change.kind, name), Unreadable(name, "it was not read"))
    if not isinstance(stands, ConfigRead):
        yield _objection(change, NOT_COPYABLE, *_not_there(change, name, stands))
        return
    content = _content(change, stands, live)
    objections = [value for value in content.values() if isinstance(value, Objection)]
    yield from objections
    supplied = {key: value for key, value in content.items() if isinstance(value, Supplied)}
    if not objections and {key: value.contents for key, value in supplied.items()} != dict(stands.contents):
        copy = _copy(change, stands, supplied, live)
        yield copy
        yield from _switches(copy, live)


def _switches(copy: Copy, live: Live) -> Iterator[Switch]:
    held = (mention for mention in mentions(live.template) if (mention.kind, mention.name) == (copy.kind, copy.source))
    yield from (Switch(mention.place, copy.source, copy.name) for mention in held)


# -- the content of the copy -------------------------------------------------------------------------------------------


def _content(change: Change, stands: ConfigRead, live: Live) -> Mapping[str, Supplied | Objection]:
    """Every key of the copy."""
    kept = {key: value for key, value in stands.contents.items() if key not in change.removed}
    before = {key: Supplied(value, key in stands.binary) for key, value in kept.items()}
    return {**before, **{key: _supplied(change, source, live) for key, source in change.to}}


def _supplied(change: Change, source: Source, live: Live) -> Supplied | Objection:
    match source:
        case Literal(value):
            return Supplied(encoded(value))
        case FromSecret(name, key, _):
            return _from_secret(change, name, key, live)
        case _:
            return live.stock.supplied[source]


def _from_secret(change: Change, name: str, key: str, live: Live) -> Supplied | Objection:
    stands = live.stock.objects.get(("Secret", name), Unreadable(name, "it was not read"))
    if not isinstance(stands, ConfigRead):
        return _objection(change, NOT_COPYABLE, *_not_there(change, name, stands, kind="Secret"))
    if key not in stands.contents:
        there = ", ".join(sorted(stands.keys)) or "none"
        return _objection(change, NOT_COPYABLE, f"Secret {name} has no key {key} (it has: {there})", "correct the key")
    return Supplied(stands.contents[key], key in stands.binary)


def _copy(change: Change, stands: ConfigRead, content: Mapping[str, Supplied], live: Live) -> Copy:
    contents = {key: value.contents for key, value in content.items()}
    secret = change.kind == "Secret"
    name = suffixed_name(change.name, live.stock.suffix) if secret else hashed_name(change.name, contents)
    return Copy(
        kind=change.kind,
        name=name,
        base=change.name,
        source=stands.meta.name,
        changes=changes_between(stands.contents, contents),
        contents=contents,
        binary=frozenset(key for key, value in content.items() if value.binary),
        type=stands.type,
    )


# -- what stands against it --------------------------------------------------------------------------------------------


def _no_reference(change: Change, live: Live) -> tuple[str, str]:
    others = sorted({mention.name for mention in mentions(live.template) if mention.kind == change.kind})
    there = f"it refers to: {', '.join(others)}" if others else "it refers to none"
    return f"the template does not refer to {change.kind} {change.name} ({there})", "correct the name in the plan"


def _not_there(change: Change, name: str, stands: Missing | Unreadable, kind: str = "") -> tuple[str, str]:
    thing = f"{kind or change.kind} {name}"
    if isinstance(stands, Missing):
        return f"{thing} does not exist", "correct the name in the plan, or create the object"
    resource = (kind or change.kind).lower() + "s"
    return f"{thing} cannot be copied: {stands.reason}", f"`kubectl auth can-i get {resource}` tells"


def _objection(change: Change, code: str, message: str, remedy: str) -> Objection:
    at = change.at
    problem = Problem(f"{code}: {message}", path=at.path, file=at.file, line=at.line, remedy=remedy)
    return Objection(Outcome.REFUSED, problem)


def objects_of(change: Change) -> tuple[ConfigKey, ...]:
    """The config objects that a change names itself."""
    sources = (source for _, source in change.to if isinstance(source, FromSecret))
    return ((change.kind, change.name), *(("Secret", source.name) for source in sources))
