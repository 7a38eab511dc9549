"""Asking the API server what it would make of everything that a run writes, side by side; nothing is changed."""

from dataclasses import replace
from typing import Final

from cutover.adapters.background import Later
from cutover.commands.admission import ask_admission, ask_for_a_pod
from cutover.commands.config_copies import ask_for_copies
from cutover.commands.prepare import Prepared
from cutover.core.checks.allowances import accepted
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.writes.cutover import cutover_write
from cutover.core.writes.write import Write

_NO_RIGHT: Final = ('cannot patch resource "', 'cannot create resource "')
"""How the API server says that a right is missing, apart from whatever admission says."""


def with_admission(prepared: Prepared) -> Prepared:
    """The plan with what the API server makes of it, for a reviewer, who may lack the rights to write.

    Raises:
        StaleError: the Rollout has moved since it was read.
    """
    if prepared.refused or prepared.edits.unchanged:
        return prepared
    snapshot = prepared.snapshot
    write = cutover_write(snapshot.target, snapshot.rollout, prepared.edits)
    asked = tuple(map(_unless_it_is_a_right, dry_runs(prepared, write)))
    return replace(prepared, findings=(*prepared.findings, *accepted(asked, prepared.plan)))


def _unless_it_is_a_right(found: Finding) -> Finding:
    """To look at a plan takes no right to carry it out: without it admission was not asked, and that is all."""
    if not any(words in found.message for words in _NO_RIGHT):
        return found
    page = BY_CODE["C092"]
    return replace(found, code=page.code, severity=Severity.WARN, title=page.title, remedy=page.remedy, verified=False)


def dry_runs(prepared: Prepared, write: Write, run: str = "") -> tuple[Finding, ...]:
    """What the API server says against the copies, the write of the Rollout, and a pod of the new template.

    Raises:
        StaleError: the Rollout has moved since it was read.
    """
    session, edits = prepared.session, prepared.edits
    pod = Later(lambda: ask_for_a_pod(session, write.target, edits))
    copies = Later(lambda: ask_for_copies(prepared, run))
    return (*ask_admission(session, write, edits), *copies.result(), *pod.result())
