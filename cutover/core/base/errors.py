"""Errors that end a command: each has an outcome and says what was expected, what was found, where, and what to do.

They are raised only before the first write. After it no exception decides anything: see `core.engine`.
"""

from cutover.core.base.cluster_text import Words, shown
from cutover.core.base.frozen import frozen
from cutover.core.base.harmless_text import one_line
from cutover.core.base.outcomes import EXIT_CODES, Outcome


@frozen
class Problem:
    """One problem and where it was found.

    `code` is that of the check which found it, empty if none did.
    `path` is the field path in the document (`spec.changes[0].env.name`) or the object (`payments/rollout/payments`);
    `line` counts from 1 and is 0 if the problem has no line.
    """

    message: Words
    path: str = ""
    file: str = ""
    line: int = 0
    remedy: str = ""
    code: str = ""

    @property
    def sentence(self) -> str:
        """The message, after `CODE: ` if there is a code."""
        return f"{self.code}: {shown(self.message)}" if self.code else shown(self.message)

    def where(self) -> str:
        """Return the location as `file:line: path`, leaving out what is not known."""
        position = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return ": ".join(part for part in (position, self.path) if part)

    def __str__(self) -> str:
        sentence = one_line(": ".join(part for part in (self.where(), self.sentence) if part))
        return f"{sentence}\n  → {one_line(self.remedy)}" if self.remedy else sentence


class CutoverError(Exception):
    """Raised when a command cannot go on; holds all problems that were found."""

    outcome: Outcome = Outcome.ERROR

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("an error names at least one problem")
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    @property
    def exit_code(self) -> int:
        """The exit code of `outcome`."""
        return EXIT_CODES[self.outcome]


class InvalidPlanError(CutoverError):
    """The plan breaks its schema or a rule; exit code 2."""

    outcome = Outcome.INVALID


class UsageError(CutoverError):
    """The command line contradicts itself, the plan, or the kubeconfig; exit code 2."""

    outcome = Outcome.INVALID


class RefusedError(CutoverError):
    """A precondition does not hold; nothing was written; exit code 3."""

    outcome = Outcome.REFUSED


class StaleError(CutoverError):
    """The live state is not the one for which the plan was made; nothing was written; exit code 4."""

    outcome = Outcome.STALE


class LockedError(CutoverError):
    """Another live run holds the target; nothing was written; exit code 5."""

    outcome = Outcome.LOCKED


class UnreachableError(CutoverError):
    """The API server or the credentials failed before any write; exit code 7."""

    outcome = Outcome.UNREACHABLE
