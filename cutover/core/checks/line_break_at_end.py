"""A Secret's new value ends in a line break, as files and `echo` make them: most applications take it for a part.

A password with a line break is a wrong password, and the difference is nowhere to be seen.
"""

from typing import Final

from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault
from cutover.core.checks.finding import Severity
from cutover.core.objects.snapshot import Need
from cutover.core.patch.config_copies import ends_its_only_line
from cutover.core.patch.edit import ConfigCopy, KeyChange


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    secrets = (copy for copy in context.edits.copies if copy.kind == "Secret")
    return tuple(
        _fault(context, copy, change)
        for copy in secrets
        for change in copy.changes
        if change.key not in copy.binary and ends_its_only_line(change.after)
    )


def _fault(context: CheckContext, copy: ConfigCopy, change: KeyChange) -> Fault:
    message = f"the new value of {change.key} in Secret {copy.base} is one line with a line break at its end"
    return Fault(message, context.place("secret", copy.base, change.key))


CHECK: Final = Check(
    code="C074",
    severity=Severity.WARN,
    title="a value ends in a line break",
    when="the new value of a Secret's key is a single line that is ended by a line break",
    remedy="let the plan take it from a file without one (made by `printf %s`), unless the application wants it",
    needs=frozenset({Need.CONFIGS}),
    run=_run,
)
