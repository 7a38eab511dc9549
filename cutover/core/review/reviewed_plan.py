"""A review that is kept in a file: the plan and the state by which it was judged, without any secret value.

Only what was reviewed is applied: the state is worked out again from the live objects and compared field by field. It
holds only what the outcome depends on: no replicas (an HPA moves them), no status, no annotation.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime
from typing import Any, Final

from cutover.core.base.documents import Json, canonical
from cutover.core.base.errors import Problem
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.core.checks.ownership import owners_of
from cutover.core.objects.config_object import ConfigRead, ConfigView
from cutover.core.objects.read_results import NotFound
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.config_copies import content_digest
from cutover.core.patch.edit import Edits
from cutover.core.podtemplate.compare import differing
from cutover.core.podtemplate.config_references import config_references
from cutover.core.podtemplate.field_paths import path_text

KIND: Final = "ReviewedPlan"

_MASK: Final = re.compile(r"<masked-[0-9a-f]+>")
_AGAIN: Final = "look at `cutover diff` again, have it reviewed, and apply that"
_UNREAD: Final = "not read"


@frozen
class PlanText:
    """The plan's own text, and the file that it came from: paths in it are relative to that."""

    text: str = field(repr=False)
    file: str


@frozen
class ReviewedObject:
    """A config object that the old or the new template refers to.

    `uid` is empty if it does not exist. `content` is compared: for a ConfigMap a digest, for a Secret only who wrote
    its data when, because the secret behind a digest can be guessed if it is weak.
    """

    kind: str
    name: str
    uid: str
    content: str


@frozen
class ReviewedState:
    """Everything that a plan's outcome depends on, masked; the template digests are slow and salted (scrypt)."""

    uid: str
    stable: str
    template: Json = field(repr=False)
    strategy: Json = field(repr=False)
    template_digest: str
    result_digest: str
    owners: tuple[str, ...]
    objects: tuple[ReviewedObject, ...]


@frozen
class Review:
    """A review: plan, state, when it was made and expires (seconds since the epoch), and the suffix of new Secrets."""

    plan: PlanText
    reviewed: float
    expires: float
    suffix: str
    salt: str
    state: ReviewedState

    def expired(self, now: float) -> tuple[Problem, ...]:
        """Return a problem if the review is too old."""
        if now <= self.expires:
            return ()
        message = f"expected a review that is still good, found one that was good until {_spelled(self.expires)}"
        return (Problem(message, path="expires", remedy=_AGAIN),)


def _spelled(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


# -- the state ---------------------------------------------------------------------------------------------------------


def reviewed_state(snapshot: Snapshot, edits: Edits, redactor: Redactor, salt: str) -> ReviewedState:
    """Return what a plan's outcome depends on, as it is now."""
    rollout = snapshot.rollout
    return ReviewedState(
        uid=rollout.meta.uid,
        stable=rollout.status.stable_rs,
        template=_masked(edits.before, redactor),
        strategy=_masked(rollout.strategy, redactor),
        template_digest=_slow_digest(edits.before, salt),
        result_digest=_slow_digest(edits.after, salt),
        owners=owners_of(rollout),
        objects=tuple(_objects(snapshot, edits)),
    )


def _masked(document: Json, redactor: Redactor) -> Any:
    """Mask the document, without the tags of the masks: they differ with every run and cannot be compared."""
    return _untagged(redactor.document(document))


def _untagged(value: Any) -> Any:
    match value:
        case str():
            return _MASK.sub("<masked>", value)
        case dict():
            return {key: _untagged(item) for key, item in value.items()}
        case list():
            return [_untagged(item) for item in value]
        case _:
            return value


def _slow_digest(document: Json, salt: str) -> str:
    """Return a digest that is slow to make: the template may hold a weak secret, and each guess at it costs as much."""
    spelled = canonical(document).encode()
    return hashlib.scrypt(spelled, salt=salt.encode(), n=2**14, r=8, p=1, dklen=32).hex()


def _objects(snapshot: Snapshot, edits: Edits) -> Iterator[ReviewedObject]:
    copied = {copy.key for copy in edits.copies}
    both = (*config_references(edits.before), *config_references(edits.after))
    for kind, name in dict.fromkeys((reference.kind, reference.name) for reference in both):
        if (kind, name) not in copied:
            yield _object(kind, name, snapshot.configs.get((kind, name)))


def _object(kind: str, name: str, config: object) -> ReviewedObject:
    match config:
        case ConfigRead() if kind == "ConfigMap":
            return ReviewedObject(kind, name, config.meta.uid, content_digest(config.contents))
        case ConfigView():
            return ReviewedObject(kind, name, config.meta.uid, _written(config))
        case NotFound():
            return ReviewedObject(kind, name, "", "")
        case _:
            return ReviewedObject(kind, name, _UNREAD, _UNREAD)


def _written(config: ConfigView) -> str:
    writers = sorted((manager.at, manager.name) for manager in config.meta.managers if manager.data)
    return ", ".join(f"{name} at {_spelled(at)}" for at, name in writers) or "nobody knows"


# -- what has moved ----------------------------------------------------------------------------------------------------


def moved(then: ReviewedState, now: ReviewedState) -> tuple[Problem, ...]:
    """Compare two states; return a problem for each field path at which the live one is not as reviewed."""
    differences = tuple(_moved(then, now))
    return tuple(Problem(message, path=path, remedy=_AGAIN) for path, message in differences)


def _moved(then: ReviewedState, now: ReviewedState) -> Iterator[tuple[str, str]]:
    if then.uid != now.uid:
        yield "metadata.uid", "expected the Rollout that was reviewed, found another of its name"
    if then.stable != now.stable:
        yield "status.stableRS", f"expected {then.stable}, found {now.stable}"
    alike = then.template_digest == now.template_digest
    yield from _documents("spec.template", then.template, now.template, same=alike)
    yield from _documents("spec.strategy", then.strategy, now.strategy, same=True)
    if then.owners != now.owners:
        yield "metadata", f"expected the owner to be {_names(then.owners)}, found {_names(now.owners)}"
    yield from _moved_objects(then, now)
    if alike and then.result_digest != now.result_digest:
        yield "spec.template", "expected the plan to make of it what was reviewed, found something else"


def _documents(path: str, then: Json, now: Json, *, same: bool) -> Iterator[tuple[str, str]]:
    """Yield the field paths that differ; if only masked values do, which look alike, yield the document's own path."""
    places = [path_text(each.place) for each in differing(then, now)]
    yield from ((f"{path}.{place}", "expected what was reviewed, found something else") for place in places)
    if not same and not places:
        yield path, "expected what was reviewed, found another value that is never shown"


def _moved_objects(then: ReviewedState, now: ReviewedState) -> Iterator[tuple[str, str]]:
    old = {(each.kind, each.name): each for each in then.objects}
    for each in now.objects:
        before = old.get((each.kind, each.name), each)
        if before != each:
            yield f"{each.kind.lower()}/{each.name}", f"expected {_words(before)}, found {_words(each)}"


def _words(reviewed_object: ReviewedObject) -> str:
    if not reviewed_object.uid:
        return "no such object"
    return (
        f"uid {reviewed_object.uid} with content {reviewed_object.content}"
        if reviewed_object.uid != _UNREAD
        else "one that may not be read"
    )


def _names(owners: tuple[str, ...]) -> str:
    return ", ".join(owners) or "nobody"
