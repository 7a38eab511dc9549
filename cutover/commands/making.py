"""Making the copies of config objects that a run needs, before the Rollout is written."""

from cutover.commands.config_copies import copying, is_there, objections
from cutover.commands.prepare import Prepared
from cutover.core.checks.finding import Finding
from cutover.core.engine.facts import Fact, FactKind
from cutover.runtime.run_context import Tools, performer


def make_copies(prepared: Prepared, tools: Tools, run: str) -> tuple[Finding, ...]:
    """Make the copies, one after the other; what kept the first of them from being made ends it."""
    session, target = prepared.session, prepared.snapshot.target
    for copy in prepared.edits.copies:
        if is_there(session, target, copy):
            said = f"{copy.kind} {target.namespace}/{copy.name} is there already, with just this content"
            tools.record.add(Fact(FactKind.NOTE, said))
            continue
        against = tuple(objections(copy, target, performer(tools).perform(copying(prepared, copy, run))))
        if against:
            return against
    return ()
