"""What a plan changes in a template, as values: one edit, and all of them with their patch and its inverse."""

from dataclasses import dataclass, field

from cutover.core.template.source import EnvSource, Settable
from cutover.core.views.fields import Json
from cutover.core.writes.write import Operation


@dataclass(frozen=True, slots=True)
class Edit:
    """One changed leaf of the pod template.

    `pointer` is its place in the Rollout: in T1, or in T0 where the edit removes it.
    """

    container: str
    init: bool
    variable: str
    pointer: str
    before: EnvSource
    after: Settable


@dataclass(frozen=True, slots=True)
class Edits:
    """All edits of a plan, as values and as JSON Patches of the Rollout.

    `before` and `after` are T0 and T1; `operations` lead from one to the other, `inverse` back.
    """

    edits: tuple[Edit, ...]
    operations: tuple[Operation, ...] = field(repr=False)
    inverse: tuple[Operation, ...] = field(repr=False)
    before: Json = field(repr=False)
    after: Json = field(repr=False)

    @property
    def containers(self) -> frozenset[str]:
        """The names of the containers that any edit touches, init containers included."""
        return frozenset(edit.container for edit in self.edits)

    @property
    def unchanged(self) -> bool:
        """Whether the live template already is what the plan wants."""
        return not self.edits
