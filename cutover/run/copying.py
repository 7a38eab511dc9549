"""The copies of config objects that a run needs: asked for as a dry run, and made before the Rollout is written."""

from collections.abc import Iterator
from typing import Final

from cutover.core.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.copies import Copy
from cutover.core.facts import Fact, FactKind
from cutover.core.target import Target
from cutover.core.writes.copy import copy_write, is_made
from cutover.core.writes.write import Accepted, Answer, Write
from cutover.edge.kube.read import config
from cutover.edge.kube.session import Session
from cutover.run.driving import Tools, performer
from cutover.run.perform import rehearse
from cutover.run.prepare import Prepared

NOT_MADE: Final = "C095"


def ask_for_copies(prepared: Prepared, run: str) -> tuple[Finding, ...]:
    """What the API server says against the copies, as a dry run; nothing about those that are there already."""
    session, target = prepared.session, prepared.snapshot.target
    missing = (copy for copy in prepared.edits.copies if not _is_there(session, target, copy))
    answers = ((copy, rehearse(session, _write(prepared, copy, run))) for copy in missing)
    return tuple(found for copy, answer in answers for found in _objections(copy, target, answer))


def make_copies(prepared: Prepared, tools: Tools, run: str) -> tuple[Finding, ...]:
    """Make the copies, one after the other; what kept the first of them from being made ends it."""
    session, target = prepared.session, prepared.snapshot.target
    for copy in prepared.edits.copies:
        if _is_there(session, target, copy):
            said = f"{copy.kind} {target.namespace}/{copy.name} is there already, with just this content"
            tools.record.add(Fact(FactKind.NOTE, said))
            continue
        objections = tuple(_objections(copy, target, performer(tools).perform(_write(prepared, copy, run))))
        if objections:
            return objections
    return ()


def _write(prepared: Prepared, copy: Copy, run: str) -> Write:
    return copy_write(prepared.snapshot.target, copy, prepared.plan.name, run)


def _is_there(session: Session, target: Target, copy: Copy) -> bool:
    """Whether an earlier run has made it: a ConfigMap of equal content has an equal name."""
    found = config(session, target.namespace, copy.kind, copy.name)
    return is_made(copy, found)


def _objections(copy: Copy, target: Target, answer: Answer) -> Iterator[Finding]:
    if isinstance(answer, Accepted):
        return
    page = BY_CODE[NOT_MADE]
    message = f"{copy.kind} {copy.name}, a copy of {copy.source}, cannot be made: {answer.reason}"
    where = f"{target.namespace}/{copy.kind.lower()}/{copy.name}"
    yield Finding(NOT_MADE, Severity.REFUSE, page.title, message, where, page.remedy)
