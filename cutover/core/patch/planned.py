"""The types for what a change of a plan becomes: an edit, a raw patch, a copy or a rejection; and what that takes."""

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
from cutover.core.patch.edit import ConfigCopy, Edit
from cutover.core.plan.changes import Change, ValueSource


@frozen
class RawPatch:
    """Operations as the plan spells them, with pointers from the root of the Rollout."""

    operations: tuple[Operation, ...] = field(repr=False)


@frozen
class Rejection:
    """Why a change cannot be made: `REFUSED`, or `STALE` where the live value is not the expected one."""

    outcome: Outcome
    problem: Problem


PlannedChange = Edit | RawPatch | ConfigCopy | Rejection
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
