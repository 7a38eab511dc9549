"""The copies of config objects that a run needs: whether they are there, and what a dry run says of the others."""

from collections.abc import Iterator
from typing import Final

from cutover.adapters.kube.read import config
from cutover.adapters.kube.session import Session
from cutover.commands.prepare import Prepared
from cutover.commands.rehearse import rehearse
from cutover.core.base.target import Target
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.patch.config_copies import Copy
from cutover.core.writes.copy import copy_write, is_made
from cutover.core.writes.write import Accepted, Answer, Write

NOT_MADE: Final = "C095"


def ask_for_copies(prepared: Prepared, run: str) -> tuple[Finding, ...]:
    """What the API server says against the copies, as a dry run; nothing about those that are there already."""
    session, target = prepared.session, prepared.snapshot.target
    missing = (copy for copy in prepared.edits.copies if not is_there(session, target, copy))
    answers = ((copy, rehearse(session, copying(prepared, copy, run))) for copy in missing)
    return tuple(found for copy, answer in answers for found in objections(copy, target, answer))


def copying(prepared: Prepared, copy: Copy, run: str) -> Write:
    """The write that makes a copy."""
    return copy_write(prepared.snapshot.target, copy, prepared.plan.name, run)


def is_there(session: Session, target: Target, copy: Copy) -> bool:
    """Whether an earlier run has made it: a ConfigMap of equal content has an equal name."""
    found = config(session, target.namespace, copy.kind, copy.name)
    return is_made(copy, found)


def objections(copy: Copy, target: Target, answer: Answer) -> Iterator[Finding]:
    """What stands against a copy by the API server's answer."""
    if isinstance(answer, Accepted):
        return
    page = BY_CODE[NOT_MADE]
    message = f"{copy.kind} {copy.name}, a copy of {copy.source}, cannot be made: {answer.reason}"
    where = f"{target.namespace}/{copy.kind.lower()}/{copy.name}"
    yield Finding(NOT_MADE, Severity.REFUSE, page.title, message, where, page.remedy)
