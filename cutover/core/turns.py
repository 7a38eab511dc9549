"""What a change does to a template before it is a patch: which leaf turns from what into what, or why it must not."""

from collections.abc import Callable
from dataclasses import dataclass

from cutover.core.endings import Outcome
from cutover.core.errors import Problem
from cutover.core.plan.model import EnvChange
from cutover.core.redact import Redactor
from cutover.core.template.env import Container
from cutover.core.template.source import Absent, EnvSource, Settable
from cutover.core.views.fields import Json


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a change cannot be made: `refused`, or `stale` where the live value is not the expected one."""

    outcome: Outcome
    problem: Problem


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """A kind of change: its key in the plan, its value in `Plan.changes`, and what one does to a template.

    `turns` gives nothing where the template already is as the change wants it.
    """

    name: str
    model: type[EnvChange]
    turns: Callable[[EnvChange, Json, Redactor], tuple[Turn | Objection, ...]]
