"""Making the copies of config objects that a run needs: find those that exist, and make the others.

This happens before the Rollout is written.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cutover.adapters.kube.read import config
from cutover.adapters.kube.session import Session
from cutover.commands.evaluate import ClusterEvaluation
from cutover.core.base.cluster_text import sentence
from cutover.core.base.target import Target
from cutover.core.checks.catalogue import BY_CODE
from cutover.core.checks.finding import Finding, Severity
from cutover.core.engine.facts import Note
from cutover.core.patch.edit import ConfigCopy
from cutover.core.writes.copy import copy_write, is_made
from cutover.core.writes.write import Accepted, Answer, Write

if TYPE_CHECKING:
    from cutover.runtime.run_context import RunContext

NOT_MADE: Final = "C095"


def copy_write_of(evaluation: ClusterEvaluation, copy: ConfigCopy, run: str) -> Write:
    """The write that creates a copy in the target's namespace, labelled with the plan and the run."""
    return copy_write(evaluation.snapshot.target, copy, evaluation.plan.name, run)


def is_there(session: Session, target: Target, copy: ConfigCopy) -> bool:
    """Whether an earlier run has made the copy: a ConfigMap of equal content has an equal name."""
    stored_object = config(session, target.namespace, copy.kind, copy.name)
    return is_made(copy, stored_object)


def copy_findings(copy: ConfigCopy, target: Target, answer: Answer) -> Iterator[Finding]:
    """The finding C095 if the API server's answer is not that it accepts the copy."""
    if isinstance(answer, Accepted):
        return
    page = BY_CODE[NOT_MADE]
    message = sentence(f"{copy.kind} {copy.name}, a copy of {copy.source}, cannot be made: ", answer.reason)
    where = f"{target.namespace}/{copy.kind.lower()}/{copy.name}"
    yield Finding(NOT_MADE, Severity.REFUSE, page.title, message, where, page.remedy)


def make_copies(evaluation: ClusterEvaluation, context: "RunContext", run: str) -> tuple[Finding, ...]:
    """Make the copies one after the other; stop at the first that cannot be made, and return why."""
    session, target = evaluation.session, evaluation.snapshot.target
    for copy in evaluation.edits.copies:
        if is_there(session, target, copy):
            message = f"{copy.kind} {target.namespace}/{copy.name} is there already, with just this content"
            context.record.add(Note(message))
            continue
        against = tuple(copy_findings(copy, target, context.performer().perform(copy_write_of(evaluation, copy, run))))
        if against:
            return against
    return ()
