"""The types of signals: a signal, and the sign of a cause that it returns, certain or still a suspicion."""

from collections.abc import Callable
from typing import Final

from cutover.core.base.causes import rule
from cutover.core.base.cluster_text import Words
from cutover.core.base.frozen import frozen
from cutover.core.base.outcomes import Attribution, Cause
from cutover.core.engine.run_view import RunView
from cutover.core.engine.state import NEVER, State

SOON: Final = 0.0
"""The `certain_at` of a sign that is certain now."""


@frozen
class Sign:
    """A sign of the cause `code` about `subject` (a pod's name, or `rollout`).

    `certain_at` is the monotonic moment from which it counts as certain; `NEVER` for a mere suspicion, which explains
    a deadline but does not decide. `suspect_at` is the moment from which it is reported and evidence is collected; a
    mere time limit is not suspicious before it is over. `doubt` is the message of a suspicion, where that differs.
    """

    code: str
    subject: str
    message: Words
    certain_at: float = NEVER
    attribution: Attribution = Attribution.UNKNOWN
    suspect_at: float = SOON
    doubt: Words = ""

    def certain(self, now: float) -> bool:
        """Tell whether the sign decides at `now`."""
        return self.certain_at <= now

    def cause(self) -> Cause:
        """Return the sign as a cause, with the table's attribution where the signal gives none."""
        known = self.attribution is not Attribution.UNKNOWN
        return Cause(self.attribution if known else rule(self.code).attribution, self.code, self.message)


@frozen
class Signal:
    """A way to notice a failure. `watch` is pure: it reads the state and the view of the run, and returns signs."""

    name: str
    watch: Callable[[State, RunView], tuple[Sign, ...]]
