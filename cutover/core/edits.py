"""From a plan and the live template to the exact edits: what changes, the patch, its result, and the way back.

Everything is worked out locally and proven before anything is sent (`core.proof`).
"""

import json
from collections.abc import Iterable

import jsonpatch

from cutover.core.changes import ALL
from cutover.core.edit import Edit, Edits
from cutover.core.endings import Outcome
from cutover.core.errors import RefusedError, StaleError
from cutover.core.patching import TEMPLATE, steps
from cutover.core.plan.model import EnvChange, Plan
from cutover.core.proof import prove
from cutover.core.redact import Redactor
from cutover.core.template.env import Container, containers
from cutover.core.turns import Objection, Turn
from cutover.core.views.fields import Json
from cutover.core.writes.write import Operation


def resolve(plan: Plan, template: Json, redactor: Redactor) -> Edits:
    """The edits that take `template` to what the plan wants.

    Raises:
        RefusedError: a container is missing or ambiguous, or a variable stands twice (with every other problem).
        StaleError: the live values are not those that the plan was made for.
    """
    found = tuple(turn for change in plan.changes for turn in _turns(change, template, redactor))
    _object(tuple(objection for objection in found if isinstance(objection, Objection)))
    return edits_of(template, tuple(turn for turn in found if isinstance(turn, Turn)))


def edits_of(template: Json, turns: tuple[Turn, ...]) -> Edits:
    """The edits for these turns of `template`, which is not changed; proven."""
    done = steps(turns)
    operations = tuple(operation for step in done for operation in step.there)
    inverse = tuple(operation for step in reversed(done) for operation in step.back)
    after = applied(template, operations)
    edits = _edits(turns, after)
    prove(edits, template, after, undone=applied(after, inverse))
    return Edits(edits=edits, operations=operations, inverse=inverse, before=template, after=after)


def applied(template: Json, operations: Iterable[Operation]) -> Json:
    """The template after a JSON Patch of its Rollout, worked out on a copy in which no two parts are one object."""
    copy = json.loads(json.dumps({"spec": {"template": template}}))
    result = jsonpatch.apply_patch(copy, list(operations), in_place=True)
    changed: Json = result["spec"]["template"]
    return changed


def _turns(change: EnvChange, template: Json, redactor: Redactor) -> tuple[Turn | Objection, ...]:
    kind = next(kind for kind in ALL if isinstance(change, kind.model))
    return kind.turns(change, template, redactor)


def _object(objections: tuple[Objection, ...]) -> None:
    """End the command with every objection at once; one refusal makes the whole a refusal."""
    problems = tuple(objection.problem for objection in objections)
    if any(objection.outcome is Outcome.REFUSED for objection in objections):
        raise RefusedError(*problems)
    if problems:
        raise StaleError(*problems)


def _edits(turns: tuple[Turn, ...], after: Json) -> tuple[Edit, ...]:
    present = {container.pointer: container for container in containers(after)}
    return tuple(_edit(turn, present[turn.container.pointer]) for turn in turns)


def _edit(turn: Turn, after: Container) -> Edit:
    home = turn.container if turn.removes else after
    return Edit(
        container=turn.container.name,
        init=turn.container.init,
        variable=turn.variable,
        pointer=f"{TEMPLATE}{home.pointer}/env/{home.entry(turn.variable).index}",
        before=turn.before,
        after=turn.after,
    )
