"""What a change does to a template before it is a patch: which leaf turns from what into what, or why it must not."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final

from cutover.core.copies import Copy
from cutover.core.endings import Outcome
from cutover.core.errors import Problem
from cutover.core.frozen import frozen
from cutover.core.plan.change import Change, Source
from cutover.core.read_results import Missing, Unreadable
from cutover.core.redact import Redactor
from cutover.core.sealed import Sealed
from cutover.core.snapshot import ConfigKey
from cutover.core.template.env import Container
from cutover.core.template.places import Place
from cutover.core.template.source import Absent, EnvSource, Settable
from cutover.core.views.config import ConfigRead
from cutover.core.views.fields import Json, Operation


@frozen
class Turn:
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
class Switch:
    """The name of a config object at one place of the template turns into another; `place` leads to the name."""

    place: Place
    before: str
    after: str


@frozen
class Amendment:
    """Operations that the plan spells out itself, with pointers into the Rollout."""

    operations: tuple[Operation, ...] = field(repr=False)


@frozen
class Objection:
    """Why a change cannot be made: `refused`, or `stale` where the live value is not the expected one."""

    outcome: Outcome
    problem: Problem


Found = Turn | Switch | Amendment | Copy | Objection
"""What comes of a change."""


@frozen
class Supplied:
    """A value for a config object from outside of the plan, in base64; `binary` where it is no text."""

    contents: Sealed
    binary: bool = False


@frozen
class Stock:
    """What changes are made of besides the template: config objects as they were read, and values from outside.

    `suffix` ends the names of copied Secrets.
    """

    objects: Mapping[ConfigKey, ConfigRead | Missing | Unreadable] = field(default_factory=dict)
    supplied: Mapping[Source, Supplied] = field(default_factory=dict)
    suffix: str = "random"


NO_STOCK: Final = Stock()


@frozen
class Live:
    """What a change is resolved against. `template` has what earlier changes of the plan make of it."""

    template: Json = field(repr=False)
    redactor: Redactor
    stock: Stock = NO_STOCK


@frozen
class ChangeKind:
    """A kind of change: its key in the plan, its value in `Plan.changes`, and what one does to a template.

    `found` gives nothing where the template already is as the change wants it.
    """

    name: str
    model: type[Change]
    found: Callable[[Any, Live], tuple[Found, ...]]
