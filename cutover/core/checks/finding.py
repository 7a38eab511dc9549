"""The findings of checks, as a report lists them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum

from cutover.core.base.cluster_text import Words, shown
from cutover.core.base.frozen import frozen
from cutover.core.base.harmless_text import one_line


class Severity(StrEnum):
    """What a finding means for the run: it is refused, it goes on with a warning, or the finding only informs."""

    REFUSE = "refuse"
    WARN = "warn"
    INFO = "info"


@frozen
class Finding:
    """One line of a report's `findings`.

    `verified` is false where the check could not be carried out: nothing is known to be wrong, and nothing to be
    right; it never refuses. `message` may quote text from the cluster: it is printed only through
    `core.base.redaction`. `allowed` is the reason for which the plan accepts the finding; empty where it does not.
    """

    code: str
    severity: Severity
    title: str
    message: Words
    where: str
    remedy: str
    verified: bool = True
    allowed: str = ""

    def __post_init__(self) -> None:
        if not self.verified and self.severity is Severity.REFUSE:
            raise ValueError("what could not be checked is no reason to refuse")

    @property
    def refuses(self) -> bool:
        """Whether nothing may be written because of the finding."""
        return self.severity is Severity.REFUSE and not self.allowed

    def cleaned(self, clean: Callable[[Words], str]) -> "Finding":
        """Return the finding with every text redacted that may come from the cluster or the plan."""
        texts = (clean(self.message), clean(self.remedy), clean(self.allowed))
        return replace(self, message=texts[0], remedy=texts[1], allowed=texts[2])

    @property
    def lines(self) -> tuple[str, ...]:
        """The finding as lines for people: what and where, and then why it is accepted, or what to do about it."""
        head = one_line(f"{self.code} {self.severity}: {shown(self.message)} [{self.where}]")
        if self.allowed:
            return (head, one_line(f"  → allowed by the plan: {self.allowed}"))
        return (head, one_line(f"  → {self.remedy}")) if self.remedy else (head,)


def refusals(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings because of which nothing may be written."""
    return tuple(finding for finding in findings if finding.refuses)
