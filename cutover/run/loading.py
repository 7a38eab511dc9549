"""From a plan's file to the plan, with everything that is wrong with it. Needs no cluster."""

from collections.abc import Iterable

from cutover.core.errors import InvalidPlanError, Problem
from cutover.core.plan.load import load_bytes
from cutover.core.plan.model import Plan
from cutover.edge.planfile import read_plan


def load_plan(file: str) -> Plan:
    """The plan in a file, `-` for standard input.

    Raises:
        InvalidPlanError: with everything that is wrong.
    """
    plan = load_bytes(read_plan(file), file)
    problems = _objections(plan) if plan.allow else ()
    if problems:
        raise InvalidPlanError(*problems)
    return plan


def _objections(plan: Plan) -> tuple[Problem, ...]:
    from cutover.core.allowing import objections  # noqa: PLC0415 -- every check, which only such a plan is worth

    return objections(plan)


def load_plans(files: Iterable[str]) -> tuple[Plan, ...]:
    """The plans in these files.

    Raises:
        InvalidPlanError: with everything that is wrong in any of them.
    """
    found = tuple(map(_plan_or_error, files))
    problems = tuple(problem for one in found if isinstance(one, InvalidPlanError) for problem in one.problems)
    if problems:
        raise InvalidPlanError(*problems)
    return tuple(one for one in found if isinstance(one, Plan))


def _plan_or_error(file: str) -> Plan | InvalidPlanError:
    try:
        return load_plan(file)
    except InvalidPlanError as error:
        return error
