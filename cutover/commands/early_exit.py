"""What to report when a command ends before it has a report: somebody stopped it, or a defect in cutover did."""

from dataclasses import replace

from cutover.adapters.crash_log import log_crash
from cutover.adapters.run_identity import run_key
from cutover.core.base.cluster_text import Sentence
from cutover.core.base.errors import Problem
from cutover.core.base.outcomes import Outcome
from cutover.core.base.redaction import Redactor
from cutover.runtime.performer import announced


def stopped() -> tuple[Outcome, Problem]:
    """Return the outcome and problem of a command that a person stopped: interrupted only if no write had begun."""
    write = announced()
    if write is None:
        return Outcome.INTERRUPTED, Problem("stopped; nothing was written")
    return Outcome.UNVERIFIED, Problem(
        f"stopped after a write had begun ({write}); what came of it was not seen",
        remedy="cutover status APP shows how the Rollout stands, cutover runs who has written what",
    )


def masked(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the problems with what they quote of the cluster masked by the credential patterns: no value is known."""
    redactor = Redactor(run_key())
    return tuple(
        replace(problem, message=redactor.words(problem.message)) if isinstance(problem.message, Sentence) else problem
        for problem in problems
    )


def crashed(defect: Exception) -> Problem:
    """Return the problem of a command that a defect in cutover ended; its trace goes to a file of its own."""
    kept = log_crash(defect)
    return Problem(f"a defect in cutover ({type(defect).__name__}); {kept}", remedy="please report it with that file")
