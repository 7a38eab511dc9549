"""The plan as frozen, valid values, which the rest of cutover uses."""

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
    """How far the run promotes a canary that has proven itself."""

    STEPS = "steps"
    AUTO = "auto"
    FULL = "full"


class OnFailure(StrEnum):
    """What the run does after a failure before promotion."""

    RESTORE = "restore"
    ABORT = "abort"
    HOLD = "hold"


class PointOfNoReturn(StrEnum):
    """When the run stops going back by itself: never, once a canary pod was Ready, or once the canary is promoted."""

    NONE = "none"
    CANARY_READY = "canaryReady"
    PROMOTION = "promotion"


@frozen
class Auto:
    """`auto`: a time that `core.plan.deadlines` works out from the live application."""

    def __str__(self) -> str:
        return "auto"


AUTO: Final = Auto()


@frozen
class WatchPolicy:
    """The plan's time limits for the steps of a run, in seconds. Only `hold` and `bake` may be zero."""

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
    """A finding that the plan accepts, by its code, and the reason. `line` and `path` locate it in the plan."""

    code: str
    reason: str
    line: int = field(default=0, compare=False)
    path: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a finding is accepted for a reason")


@frozen
class Plan:
    """A plan. `digest` is the SHA-256 of the document's canonical JSON; comments are not part of it.

    `deadman` is the seconds after which the controller is to abort by itself, if it is to.
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
    deadman: int | None = None
    allow: tuple[Allowance, ...] = ()
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.changes:
            raise ValueError("a plan changes something")
        if clashes((change.variable, change.container) for change in self.variables) or self._twice:
            raise ValueError("a plan changes one leaf once")
        if self.deadman is not None and self.point_of_no_return is PointOfNoReturn.CANARY_READY:
            raise ValueError("a dead-man points back, also past a point of no return")

    @property
    def variables(self) -> tuple[EnvChange, ...]:
        """The variables that the plan changes, those of `database` and `oidc` changes included."""
        return tuple(variable_of(change) for change in self.changes if isinstance(change, VariableKind))

    @property
    def objects(self) -> tuple[ConfigMapChange | SecretChange, ...]:
        """The plan's changes of ConfigMaps and Secrets, in their order."""
        return tuple(change for change in self.changes if isinstance(change, ConfigMapChange | SecretChange))

    @property
    def _twice(self) -> bool:
        return len({(change.kind, change.name) for change in self.objects}) < len(self.objects)


def variable_of(change: VariableKind) -> EnvChange:
    """Return the change of a variable that is in a `database` or `oidc` change, or is the change itself."""
    return change if isinstance(change, EnvChange) else change.env


def clashes(leaves: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    """Return the pairs of changes, by index and the earlier first, that may change the same leaf.

    A leaf is a variable and the one container that the change names, or the empty string. Two changes of one variable
    do not clash only if both name a container, and the names differ.
    """
    seen: dict[str, dict[str, int]] = {}
    clashes = []
    for index, (variable, container) in enumerate(leaves):
        before = seen.setdefault(variable, {})
        wide = "" if container else next(iter(before), "")
        clashes += [(before[name], index) for name in (container, wide) if name in before][:1]
        before.setdefault(container, index)
    return tuple(clashes)


def spells_out_a_secret(plan: Plan, redactor: Redactor) -> bool:
    """Return whether any literal or patch value of the plan is masked."""
    literals = (literal for change in plan.changes for literal in literals_of(change))
    patches = (change for change in plan.changes if isinstance(change, PatchChange))
    values = (value for patch in patches for operation in patch.operations for value in operation.value)
    return any(redactor.hides(*literal) for literal in literals) or any(
        redactor.document(value) != value for value in values
    )


def plan_credentials(plan: Plan) -> tuple[SecretText, ...]:
    """Return the secrets in the plan's literals, new and old, so that they are masked wherever they appear.

    These are literals under a credential's name, and passwords in URLs.
    """
    literals = (literal for change in plan.changes for literal in literals_of(change))
    return tuple(part for name, value in literals for part in credentials_in(name, value))
