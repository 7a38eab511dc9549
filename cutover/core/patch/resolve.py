"""Resolve a plan against the live template: the edits, the patch, its result, and its inverse.

Everything is computed locally and proven before anything is sent (`core.patch.cross_check`).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cutover.core.base.documents import Json, Operation, at, too_deep
from cutover.core.base.errors import Problem, RefusedError, StaleError
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Outcome
from cutover.core.base.redaction import Redactor
from cutover.core.patch.change_kinds import ALL
from cutover.core.patch.cross_check import cross_check, cross_check_inverse
from cutover.core.patch.edit import ConfigCopy, Edits, edits_between
from cutover.core.patch.json_patch import PatchStep, applied, steps
from cutover.core.patch.planned import NO_INPUTS, PlannedChange, Rejection, ResolveContext, ResolveInputs
from cutover.core.plan.changes import Change, ConfigMapChange, PatchChange, SecretChange
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.containers import LISTS
from cutover.core.podtemplate.field_paths import is_list, is_named


@frozen
class _Work:
    """How far a plan is resolved: the template so far, and the changes and steps that led to it."""

    template: Json
    changes: tuple[PlannedChange, ...] = ()
    done: tuple[PatchStep, ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(operation for step in self.done for operation in step.there)

    @property
    def inverse(self) -> tuple[Operation, ...]:
        return tuple(operation for step in reversed(self.done) for operation in step.back)


def resolve(plan: Plan, template: Json, redactor: Redactor, inputs: ResolveInputs = NO_INPUTS) -> Edits:
    """Return the edits that turn `template` into what the plan wants.

    Raises:
        RefusedError: a container is missing or ambiguous, or a variable occurs twice (with every other problem).
        StaleError: the live values are not those that the plan was made for.
    """
    _demand_levels(plan, template)
    _demand_names(plan, template, "mend the Rollout's template first")
    work = _Work(template)
    for stage in _stages(plan):
        context = ResolveContext(work.template, redactor, inputs)
        work = _carried_on(work, tuple(each for change in stage for each in _resolved(change, context)))
        _demand_names(plan, work.template, "correct the plan: a patch of it leaves the containers so")
    _reject(tuple(each for each in work.changes if isinstance(each, Rejection)))
    return _edits_of(template, work)


DEEPEST: Final = 100
"""Levels that a template may have. No field of Kubernetes is nested a fifth as deep, but the CRD accepts anything."""


def _demand_levels(plan: Plan, template: Json) -> None:
    if too_deep(template, DEEPEST):
        message = f"expected at most {DEEPEST} levels in spec.template, found more"
        raise RefusedError(Problem(message, path=str(plan.target), remedy="mend the Rollout's template first"))


def _demand_names(plan: Plan, template: Json, remedy: str) -> None:
    """Refuse a template in which containers share a name or have none, because changes refer to them by name."""
    for listed, _ in LISTS:
        containers = at(template, "spec", listed)
        if is_list(containers) and not is_named(containers):
            message = f"expected every container to have a name of its own, found others in spec.template.spec.{listed}"
            raise RefusedError(Problem(message, path=str(plan.target), remedy=remedy, code="C076"))


def _stages(plan: Plan) -> Iterator[tuple[Change, ...]]:
    """Yield the changes in the order in which they are resolved.

    First each patch, on the result of the one before; then variables; then the config objects to which any of them
    refers.
    """
    yield from ((change,) for change in plan.changes if isinstance(change, PatchChange))
    objects = tuple(change for change in plan.changes if isinstance(change, ConfigMapChange | SecretChange))
    yield tuple(change for change in plan.changes if not isinstance(change, PatchChange) and change not in objects)
    yield objects


def _resolved(change: Change, context: ResolveContext) -> tuple[PlannedChange, ...]:
    kind = next(kind for kind in ALL if isinstance(change, kind.model))
    return kind.resolve(change, context)


def _carried_on(work: _Work, changes: tuple[PlannedChange, ...]) -> _Work:
    """Carry out one stage, and prove that it makes its changes and no others."""
    done = steps(work.template, changes)
    after = applied(work.template, (operation for step in done for operation in step.there))
    if done:
        cross_check(changes, work.template, after)
    return replace(work, template=after, changes=(*work.changes, *changes), done=(*work.done, *done))


def _edits_of(template: Json, work: _Work) -> Edits:
    operations, inverse = work.operations, work.inverse
    cross_check_inverse(template, applied(work.template, inverse))
    return Edits(
        edits=edits_between(template, work.template),
        operations=operations,
        inverse=inverse,
        before=template,
        after=work.template,
        copies=tuple(each for each in work.changes if isinstance(each, ConfigCopy)),
    )


def _reject(rejections: tuple[Rejection, ...]) -> None:
    """Raise every rejection at once; if any of them is a refusal, the error is a refusal."""
    problems = tuple(rejection.problem for rejection in rejections)
    if any(rejection.outcome is Outcome.REFUSED for rejection in rejections):
        raise RefusedError(*problems)
    if problems:
        raise StaleError(*problems)
