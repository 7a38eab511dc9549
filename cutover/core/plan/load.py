"""Loads a plan from text; the only way to get a `Plan`. It reports all problems at once, or returns a valid plan."""

from collections.abc import Iterable
from typing import Final

from cutover.core.base.errors import InvalidPlanError, Problem
from cutover.core.plan.convert import plan_of
from cutover.core.plan.document import PlanDocument
from cutover.core.plan.model import Plan
from cutover.core.plan.rules import rule_violations
from cutover.core.plan.schema_errors import MANY, document_of
from cutover.core.plan.yaml_tree import MAX_LENGTH, tree_of

_BOM: Final = b"\xef\xbb\xbf"


def load_bytes(data: bytes, file: str) -> Plan:
    """Return the plan in the bytes of a file, which must be UTF-8 without a byte order mark.

    Raises:
        InvalidPlanError: the plan is not valid; holds every problem.
    """
    if len(data) > 4 * MAX_LENGTH:
        message = f"expected at most {MAX_LENGTH} characters, found {len(data)} bytes"
        raise InvalidPlanError(Problem(message, file=file, line=1, remedy="a plan holds references, not data"))
    if data.startswith(_BOM):
        raise InvalidPlanError(_unreadable(file, 1, "plain UTF-8", "a byte order mark"))
    try:
        return load(data.decode(), file)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidPlanError(_unreadable(file, line, "UTF-8", f"the byte 0x{data[error.start]:02x}")) from None


def load(text: str, file: str) -> Plan:
    """Return the plan in a text; `file` is its name in messages.

    Raises:
        InvalidPlanError: the plan is not valid; holds every problem.
    """
    tree = tree_of(text, file)
    shape = document_of(tree)
    others = (*tree.problems, *rule_violations(tree))
    if isinstance(shape, PlanDocument) and not others:
        return plan_of(shape, tree)
    raise _all((*others, *(() if isinstance(shape, PlanDocument) else shape)))


def _unreadable(file: str, line: int, expected: str, actual: str) -> Problem:
    return Problem(f"expected {expected}, found {actual}", file=file, line=line, remedy="save the file as plain UTF-8")


def _all(problems: Iterable[Problem]) -> InvalidPlanError:
    """Return the error with the problems in the order of their lines, at most `MANY` and a note that there are more."""
    ordered = sorted(problems, key=lambda problem: problem.line)
    more = (
        Problem("there are more problems than these", file=each.file, line=each.line, remedy="correct these first")
        for each in ordered[MANY : MANY + 1]
    )
    return InvalidPlanError(*ordered[:MANY], *more)
