"""Loading a plan: read its file, parse the plan or the review in it, validate the plan. This needs no cluster."""

from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING

from cutover.adapters.plan_files import read_plan
from cutover.adapters.run_identity import random_suffix
from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.base.frozen import frozen
from cutover.core.plan.model import Plan

if TYPE_CHECKING:
    from cutover.core.review.reviewed_plan import Review


@frozen
class LoadedPlan:
    """A plan, its text as it was read, and the review that holds it, if there is one."""

    plan: Plan
    text: str = field(repr=False)
    review: "Review | None" = None


def suffix_of(loaded: LoadedPlan) -> str:
    """The suffix of the names of Secrets that a run would make: the one that was reviewed, or a new one."""
    return loaded.review.suffix if loaded.review else random_suffix()


def load_plan(file: str) -> Plan:
    """Load the plan in a file, or in a review if the file holds one; `-` is standard input.

    Raises:
        InvalidPlanError: the plan is invalid; the error lists every problem.
    """
    return load_file(file).plan


def load_file(file: str) -> LoadedPlan:
    """Load the plan in a file as `load_plan` does, with its text and its review.

    Raises:
        InvalidPlanError: the plan is invalid; the error lists every problem.
    """
    from cutover.core.plan.load import load, load_bytes  # noqa: PLC0415 -- with pydantic, a fifth of a command

    data = read_plan(file)
    if _may_be_a_review(data):
        from cutover.core.review.review_file import is_review, review_of  # noqa: PLC0415 -- only a review is worth it

        if is_review(data):
            review = review_of(data, file)
            return LoadedPlan(_checked(load(review.plan.text, review.plan.file)), review.plan.text, review)
    return LoadedPlan(_checked(load_bytes(data, file)), data.decode())


def _may_be_a_review(data: bytes) -> bool:
    return data.lstrip()[:1] == b"{" and b"ReviewedPlan" in data


def _checked(plan: Plan) -> Plan:
    problems = _objections(plan) if plan.allow else ()
    if problems:
        raise InvalidPlanError(*problems)
    return plan


def _objections(plan: Plan) -> tuple[Problem, ...]:
    from cutover.core.checks.allowances import invalid_allowances  # noqa: PLC0415 -- every check, which only such a plan is worth

    return invalid_allowances(plan)


def load_plans(files: Iterable[str]) -> tuple[Plan, ...]:
    """Load the plans in these files.

    Raises:
        InvalidPlanError: a plan is invalid; the error lists every problem of all files.
    """
    results = tuple(map(_plan_or_error, files))
    problems = tuple(problem for one in results if isinstance(one, InvalidPlanError) for problem in one.problems)
    if problems:
        raise InvalidPlanError(*problems)
    return tuple(one for one in results if isinstance(one, Plan))


def _plan_or_error(file: str) -> Plan | InvalidPlanError:
    try:
        return load_plan(file)
    except InvalidPlanError as error:
        return error
