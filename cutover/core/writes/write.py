"""A write to the cluster as a value: its announcement, its guarded patch, and its own proof."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from cutover.core.views.rollout import RolloutView
from cutover.core.world import Missing, Target, Unreadable

FIELD_MANAGER: Final = "cutover"
"""The name under which the API server notes our writes (`metadata.managedFields`)."""

Operation = Mapping[str, Any]
"""One operation of a JSON Patch (RFC 6902)."""


class WriteName(StrEnum):
    """Every kind of write there is. The Role that a run needs is derived from these."""

    CUTOVER = "cutover"
    ABORT = "abort"
    RESTORE = "restore"
    UNPAUSE = "unpause"
    PROMOTE_PAUSE = "promote-pause"
    PROMOTE_FULL = "promote-full"
    DISARM = "disarm"


@dataclass(frozen=True, slots=True)
class Write:
    """One request that changes a Rollout: a JSON Patch whose first operations are guards (`test`).

    `title` is the sentence by which the write is announced; it holds no value of the plan. `occasion` tells writes of
    one name apart where several are right (the start of the pause that is passed). `proof` says whether a
    Rollout, read afterwards, shows the effect: it settles an answer that was lost.
    """

    name: WriteName
    title: str
    target: Target
    operations: tuple[Operation, ...] = field(repr=False)
    proof: Callable[[RolloutView], bool] = field(repr=False, compare=False)
    subresource: str = ""
    occasion: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The API server answered that the write is done; `rollout` is what it stored.

    `lost` is set when the answer itself was lost and a read showed the write's proof instead.
    """

    write: Write
    rollout: RolloutView
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The API server answered that it did not write (`status` is the HTTP code, 422 when a guard did not hold).

    `rollout` is what a read after the refusal showed, so that the guard that failed can be named.
    """

    write: Write
    status: int
    reason: str
    rollout: RolloutView | Missing | Unreadable


@dataclass(frozen=True, slots=True)
class Unclear:
    """The answer was lost and the read afterwards does not show the write's proof, or failed itself.

    The request may still take effect: it is never repeated, the world is looked at anew.
    """

    write: Write
    reason: str
    rollout: RolloutView | Missing | Unreadable


Answer = Accepted | Refused | Unclear
