"""The first and the last line of a recording; the observations stand between them (`world_changes`, `line_texts`)."""

from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.engine.state import State

FORMAT: Final = 1
"""The version of the format of a recording."""


@frozen
class FirstLine:
    """The format of the recording, and the state in which the run began."""

    format: int
    state: State


@frozen
class LastLine:
    """How the recorded run, or its replay, ended.

    `outcome` is empty if the run goes on, `code` if it has no cause. `writes` are the names of the writes that were
    sent, in their order.
    """

    outcome: str
    code: str
    writes: tuple[str, ...] = ()
