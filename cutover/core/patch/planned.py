"""The types for what a change of a plan does to a template: planned changes, rejections, and what they are made of."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final

from cutover.core.base.documents import Json, Operation
from cutover.core.base.errors import Problem
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Outcome
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.config_object import ConfigRead
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import ConfigId
from cutover.core.plan.changes import Change, ValueSource
from cutover.core.podtemplate.containers import Container
from cutover.core.podtemplate.env_source import Absent, EnvSource, LiteralValue, Settable
from cutover.core.podtemplate.field_paths import FieldPath


@frozen
class KeyChange:
    """One key of a config object, before and after; `Absent` where the key does not exist."""

    key: str
    before: LiteralValue | Absent
    after: LiteralValue | Absent


@frozen
class ConfigCopy:
    """A config object to create. `base` is the name in the plan, `source` that of the object that it is copied from.

    `contents` holds every key in base64, `binary` the keys that are not text. `type` is set for a Secret.
    """

    kind: str
    name: str
    base: str
    source: str
    changes: tuple[KeyChange, ...]
    contents: Mapping[str, SecretText] = field(repr=False)
    binary: frozenset[str] = frozenset()
    type: str = ""

    @property
    def key(self) -> ConfigId:
        """The identity of the copy: kind, and the name that it will have."""
        return self.kind, self.name

    @property
    def keys(self) -> frozenset[str]:
        """The names of all keys in the copy, unchanged ones included."""
        return frozenset(self.contents)


@frozen
class VariableChange:
    """A change of one variable in one container of the live template; an `Absent` source means no such variable."""

    container: Container
    variable: str
    before: EnvSource
    after: Settable

    @property
    def adds(self) -> bool:
        """Whether the variable does not exist yet."""
        return isinstance(self.before, Absent)

    @property
    def removes(self) -> bool:
        """Whether the variable will not exist any more."""
        return isinstance(self.after, Absent)

    @property
    def index(self) -> int:
        """The index of the variable's entry in `env` before the change; the list's length if there is none."""
        return self.container.entry(self.variable).index


@frozen
class ReferenceChange:
    """The change of the name in one reference to a config object; `place` is the field path of the name."""

    place: FieldPath
    before: str
    after: str


@frozen
class RawPatch:
    """Operations as the plan spells them, with pointers from the root of the Rollout."""

    operations: tuple[Operation, ...] = field(repr=False)


@frozen
class Rejection:
    """Why a change cannot be made: `REFUSED`, or `STALE` where the live value is not the expected one."""

    outcome: Outcome
    problem: Problem


PlannedChange = VariableChange | ReferenceChange | RawPatch | ConfigCopy | Rejection
"""What a change of the plan becomes when it is resolved."""


@frozen
class Supplied:
    """A value for a config object from outside of the plan, in base64; `binary` where it is not text."""

    contents: SecretText
    binary: bool = False


@frozen
class ResolveInputs:
    """What changes need besides the template: config objects as read, and values from outside of the plan.

    `suffix` ends the names of copied Secrets.
    """

    objects: Mapping[ConfigId, ConfigRead | NotFound | ReadFailed] = field(default_factory=dict)
    supplied: Mapping[ValueSource, Supplied] = field(default_factory=dict)
    suffix: str = "random"


NO_INPUTS: Final = ResolveInputs()


@frozen
class ResolveContext:
    """What a change is resolved against. `template` includes what earlier changes of the plan did to it."""

    template: Json = field(repr=False)
    redactor: Redactor
    inputs: ResolveInputs = NO_INPUTS


@frozen
class ChangeKind:
    """A kind of change: its key in the plan, its type in `Plan.changes`, and the function that resolves one.

    `resolve` returns nothing if the template already is as the change wants it.
    """

    name: str
    model: type[Change]
    resolve: Callable[[Any, ResolveContext], tuple[PlannedChange, ...]]
