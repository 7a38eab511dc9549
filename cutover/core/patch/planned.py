"""What a change does to a template before it is a patch: which leaf turns from what into what, or why it must not."""

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
    """One key of a config object: what it holds, and what it is to hold."""

    key: str
    before: LiteralValue | Absent
    after: LiteralValue | Absent


@frozen
class ConfigCopy:
    """A config object that is to be made. `base` is the name in the plan, `source` that of the object it is made from.

    `contents` holds every key in base64, `binary` the keys that are no text. `type` is a Secret's.
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
        """Kind and name."""
        return self.kind, self.name

    @property
    def keys(self) -> frozenset[str]:
        """The names of its keys."""
        return frozenset(self.contents)


@frozen
class VariableChange:
    """One variable of one container: what it is, and what it becomes."""

    container: Container
    variable: str
    before: EnvSource
    after: Settable

    @property
    def adds(self) -> bool:
        """Whether the variable is new."""
        return isinstance(self.before, Absent)

    @property
    def removes(self) -> bool:
        """Whether the variable goes."""
        return isinstance(self.after, Absent)

    @property
    def index(self) -> int:
        """The place of the variable's entry in the list as it is."""
        return self.container.entry(self.variable).index


@frozen
class ReferenceChange:
    """The name of a config object at one place of the template turns into another; `place` leads to the name."""

    place: FieldPath
    before: str
    after: str


@frozen
class RawPatch:
    """Operations that the plan spells out itself, with pointers into the Rollout."""

    operations: tuple[Operation, ...] = field(repr=False)


@frozen
class Rejection:
    """Why a change cannot be made: `refused`, or `stale` where the live value is not the expected one."""

    outcome: Outcome
    problem: Problem


PlannedChange = VariableChange | ReferenceChange | RawPatch | ConfigCopy | Rejection
"""What comes of a change."""


@frozen
class Supplied:
    """A value for a config object from outside of the plan, in base64; `binary` where it is no text."""

    contents: SecretText
    binary: bool = False


@frozen
class ResolveInputs:
    """What changes are made of besides the template: config objects as they were read, and values from outside.

    `suffix` ends the names of copied Secrets.
    """

    objects: Mapping[ConfigId, ConfigRead | NotFound | ReadFailed] = field(default_factory=dict)
    supplied: Mapping[ValueSource, Supplied] = field(default_factory=dict)
    suffix: str = "random"


NO_INPUTS: Final = ResolveInputs()


@frozen
class ResolveContext:
    """What a change is resolved against. `template` has what earlier changes of the plan make of it."""

    template: Json = field(repr=False)
    redactor: Redactor
    stock: ResolveInputs = NO_INPUTS


@frozen
class ChangeKind:
    """A kind of change: its key in the plan, its value in `Plan.changes`, and what one does to a template.

    `found` gives nothing where the template already is as the change wants it.
    """

    name: str
    model: type[Change]
    found: Callable[[Any, ResolveContext], tuple[PlannedChange, ...]]
