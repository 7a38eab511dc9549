"""What a check found, as a report lists it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for the run: it is refused, goes on with a warning, or is only told something."""

    REFUSE = "refuse"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report's `findings`.

    `verified` is false where the check could not be carried out: nothing is known to be wrong, and nothing to be
    right; it never refuses. `message` may quote text from the cluster: it is printed through `core.redact` only.
    """

    code: str
    severity: Severity
    title: str
    message: str
    where: str
    remedy: str
    verified: bool = True

    def __post_init__(self) -> None:
        if not self.verified and self.severity is Severity.REFUSE:
            raise ValueError("what could not be checked is no reason to refuse")

    @property
    def refuses(self) -> bool:
        """Whether nothing may be written because of it."""
        return self.severity is Severity.REFUSE


def refusals(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings because of which nothing may be written."""
    return tuple(finding for finding in findings if finding.refuses)
