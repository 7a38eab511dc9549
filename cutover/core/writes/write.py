"""A write to the cluster as a value, with its announcement, guards and proof, and the possible answers to it."""

from collections.abc import Callable
from dataclasses import field
from enum import StrEnum
from typing import Any, Final

from cutover.core.base.cluster_text import Words
from cutover.core.base.documents import Json, Operation
from cutover.core.base.frozen import frozen
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import RolloutView

FIELD_MANAGER: Final = "cutover"
"""The name under which the API server records our writes (`metadata.managedFields`)."""


class WriteName(StrEnum):
    """Every kind of write, by the name under which it is recorded."""

    CUTOVER = "cutover"
    ABORT = "abort"
    RESTORE = "restore"
    UNPAUSE = "unpause"
    PROMOTE_PAUSE = "promote-pause"
    PROMOTE_FULL = "promote-full"
    DISARM = "disarm"
    RETRY = "retry"
    CLAIM = "claim"
    NO_RETURN = "no-return"
    UNMARK = "unmark"
    LOCK = "lock"
    RENEW = "renew"
    VERDICT = "verdict"
    RELEASE = "release"
    EVENT = "event"
    COPY = "copy"
    COLLECT = "collect"
    POD = "pod"


class Method(StrEnum):
    """How an object is written, by the verb of the right that it takes."""

    PATCH = "patch"
    CREATE = "create"
    DELETE = "delete"


@frozen
class Unseen:
    """Takes the place of an object that the answer did not hold, or that nobody looks at (an Event)."""


StoredObject = RolloutView | LeaseView | ConfigRead | NotFound | Unseen
"""The object that an answer, or a read after it, contained, or that there is none."""


@frozen
class Write:
    """One request that changes an object: as a rule a JSON Patch whose first operations are guards (`test`).

    `title` is the sentence that announces the write; it holds no value of the plan. `occasion` tells writes of one name
    apart where a run may send several (the start of the pause that is passed). `proof` says whether the object, read
    afterwards, shows the effect: it settles an answer that was lost. `body` is the object to create, or the
    preconditions of a deletion. A `quiet` write is recorded but not announced on the screen (a renewal of the Lease);
    `within` is the time limit for its answer, in seconds. `words` are texts for people with the JSON pointers where
    they go: only `runtime.performer`, which can redact them, makes operations of them. With `strict` the API server
    refuses fields that it does not know.
    """

    name: WriteName
    title: str
    target: Target
    operations: tuple[Operation, ...] = field(repr=False)
    proof: Callable[[Any], bool] = field(repr=False, compare=False)
    subresource: str = ""
    occasion: str = ""
    dry_run: bool = False
    resource: Resource = Resource.ROLLOUT
    object_name: str = ""
    method: Method = Method.PATCH
    body: Json = field(default_factory=dict, repr=False)
    quiet: bool = False
    within: float = 10.0
    words: tuple[tuple[str, Words], ...] = field(default=(), repr=False)
    strict: bool = False

    @property
    def named(self) -> str:
        """The name of the object that is written; empty where the API server generates it."""
        return self.target.rollout if self.resource is Resource.ROLLOUT else self.object_name


@frozen
class Accepted:
    """The API server answered that the write is done; `stored` is the object after it.

    `lost` is set when the answer itself was lost and a read showed the write's proof instead.
    """

    write: Write
    stored: StoredObject
    lost: bool = False


class Objection(StrEnum):
    """What the API server refused a write for, as far as a decision depends on it.

    `GUARD`: a `test` of the patch does not hold. `RIGHT`: the right to write is missing. `DRY_RUN`: a webhook cannot be
    asked without effect, which says nothing about the write itself.
    """

    GUARD = "guard"
    RIGHT = "right"
    DRY_RUN = "dry-run"
    OTHER = "other"


@frozen
class Refused:
    """The API server answered that it did not write (`status` is the HTTP code, 422 when a guard did not hold).

    `stored` is the object as read after the refusal, so that the guard that failed can be named.
    """

    write: Write
    status: int
    reason: Words
    stored: StoredObject | ReadFailed
    objection: Objection = Objection.OTHER


@frozen
class Unclear:
    """The answer was lost and the read afterwards does not show the write's proof, or failed itself.

    The request may still take effect: it is never repeated, the cluster is read again instead.
    """

    write: Write
    reason: Words
    stored: StoredObject | ReadFailed


Answer = Accepted | Refused | Unclear
