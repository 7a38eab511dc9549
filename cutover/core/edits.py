"""From a plan and the live template to the exact edits: what changes, the patch, its result, and the way back.

Everything is worked out locally and proven before anything is sent: the inverse gives T0 back, and nothing but the
named leaves differs.
"""

from dataclasses import dataclass, field

from cutover.core.plan.model import Plan
from cutover.core.redact import Redactor
from cutover.core.template.source import EnvSource
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
    after: EnvSource


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
    def unchanged(self) -> bool:
        """Whether the live template already is what the plan wants."""
        return not self.edits


def resolve(plan: Plan, template: Json, redactor: Redactor) -> Edits:
    """The edits that take `template` to what the plan wants, proven locally.

    Raises:
        RefusedError: a container is missing or ambiguous, or a variable stands twice (with every other problem).
        StaleError: the live values are not those that the plan was made for.
    """
    raise NotImplementedError
