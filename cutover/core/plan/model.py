"""The plan as the rest of cutover knows it: frozen values that cannot be wrong."""

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor, credentials_in
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.plan.changes import (
    Change,
    ConfigMapChange,
    EnvChange,
    PatchChange,
    SecretChange,
    VariableKind,
    literals_of,
)


class Promotion(StrEnum):
    """How far the run takes a canary that has proven itself."""

    STEPS = "steps"
    AUTO = "auto"
    FULL = "full"


class OnFailure(StrEnum):
    """What a failure before promotion leads to."""

    RESTORE = "restore"
    ABORT = "abort"
    HOLD = "hold"


class PointOfNoReturn(StrEnum):
    """From when on nothing automatic points back: never, once a canary pod was Ready, or once it is promoted."""

    NONE = "none"
    CANARY_READY = "canaryReady"
    PROMOTION = "promotion"


@frozen
class Auto:
    """Worked out from the live application (`auto`)."""

    def __str__(self) -> str:
        return "auto"


AUTO: Final = Auto()


@frozen
class WatchPolicy:
    """How long what may take, in seconds. Zero is meant for `hold` and `bake` only."""

    ready_within: Auto | float = AUTO
    adopt_within: float = 60.0
    hold: Auto | float = AUTO
    bake: float = 300.0

    def __post_init__(self) -> None:
        if self.adopt_within <= 0 or self.bake < 0:
            raise ValueError("adoptWithin is more than zero, bake is not negative")
        if not isinstance(self.ready_within, Auto) and self.ready_within <= 0:
            raise ValueError("readyWithin is more than zero")
        if not isinstance(self.hold, Auto) and self.hold < 0:
            raise ValueError("hold is not negative")


@frozen
class Allowance:
    """One finding that the plan accepts by its code, and why. `line` and `path` are its place in the plan."""

    code: str
    reason: str
    line: int = field(default=0, compare=False)
    path: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a finding is accepted for a reason")


@frozen
class Plan:
    """A reviewed intent. `digest` is the SHA-256 of the document's canonical JSON; comments are not part of it.

    `deadman` holds the seconds after which the controller is to abort by itself, or nothing.
    """

    name: str
    target: Target
    changes: tuple[Change, ...]
    digest: str
    description: str = ""
    watch: WatchPolicy = WatchPolicy()
    promotion: Promotion = Promotion.STEPS
    on_failure: OnFailure = OnFailure.RESTORE
    point_of_no_return: PointOfNoReturn = PointOfNoReturn.NONE
    deadman: tuple[int, ...] = ()
    allow: tuple[Allowance, ...] = ()
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.changes:
            raise ValueError("a plan changes something")
        if clashes((change.variable, change.container) for change in self.variables) or self._twice:
            raise ValueError("a plan changes one leaf once")
        if self.deadman and self.point_of_no_return is PointOfNoReturn.CANARY_READY:
            raise ValueError("a dead-man points back, also past a point of no return")

    @property
    def variables(self) -> tuple[EnvChange, ...]:
        """What the plan does to variables, whatever the kind of change."""
        return tuple(variable_of(change) for change in self.changes if isinstance(change, VariableKind))

    @property
    def objects(self) -> tuple[ConfigMapChange | SecretChange, ...]:
        """The changes of config objects."""
        return tuple(change for change in self.changes if isinstance(change, ConfigMapChange | SecretChange))

    @property
    def _twice(self) -> bool:
        return len({(change.kind, change.name) for change in self.objects}) < len(self.objects)


def variable_of(change: VariableKind) -> EnvChange:
    """The change of a variable that a typed change is."""
    return change if isinstance(change, EnvChange) else change.env


def clashes(leaves: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    """The pairs, by index and the earlier first, of changes that may be about one leaf.

    A leaf is a variable and the one container that the change names, or the empty string. Two changes of one variable
    are apart only where both name a container, and not the same.
    """
    seen: dict[str, dict[str, int]] = {}
    found = []
    for index, (variable, container) in enumerate(leaves):
        before = seen.setdefault(variable, {})
        wide = "" if container else next(iter(before), "")
        found += [(before[name], index) for name in (container, wide) if name in before][:1]
        before.setdefault(container, index)
    return tuple(found)


# credentials ---------------------------------------------------------------------------------------------------------


# The credentials that a plan spells out itself, so that they are masked wherever they turn up.


def spells_out_a_secret(plan: Plan, redactor: Redactor) -> bool:
    """Whether anything that the plan spells out itself is never shown."""
    literals = (literal for change in plan.changes for literal in literals_of(change))
    patches = (change for change in plan.changes if isinstance(change, PatchChange))
    values = (value for patch in patches for operation in patch.operations for value in operation.value)
    return any(redactor.hides(*literal) for literal in literals) or any(
        redactor.document(value) != value for value in values
    )


def plan_credentials(plan: Plan) -> tuple[SecretText, ...]:
    """What is secret in the plan's own literals, new and old: those under a telling name, passwords inside of URLs."""
    literals = (literal for change in plan.changes for literal in literals_of(change))
    return tuple(part for name, value in literals for part in credentials_in(name, value))
