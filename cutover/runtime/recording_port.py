"""The interface of a recorder, which gets everything that decides a run so that it can be replayed."""

from collections.abc import Callable
from typing import Final, Protocol

from cutover.adapters.journal import Journal
from cutover.adapters.kube.session import Session
from cutover.core.base.outcomes import Ending
from cutover.core.base.redaction import Redactor
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import State
from cutover.core.writes.write import Answer, Write
from cutover.runtime.attempt import attempt_to
from cutover.runtime.performer import Performer
from cutover.runtime.record import Record


class Recorder(Protocol):
    """Gets the state in which the engine begins, each observation before the engine does, each write, and the end.

    It raises nothing, and returns at once except for `end`, which may wait for a disk.
    """

    def begin(self, state: State, redactor: Redactor) -> None:
        """Record that the run begins in this state; the redactor knows its secrets."""

    def see(self, observation: Observation) -> None:
        """Record an observation that the engine is about to get."""

    def sent(self, write: Write) -> None:
        """Record a write that the engine decided on and that is being sent."""

    def end(self, ending: Ending) -> None:
        """Record that the run is over."""


class _Unrecorded:
    """A recorder for a run that is not recorded: it drops everything."""

    def begin(self, state: State, redactor: Redactor) -> None:
        pass

    def see(self, observation: Observation) -> None:
        pass

    def sent(self, write: Write) -> None:
        pass

    def end(self, ending: Ending) -> None:
        pass


UNRECORDED: Final[Recorder] = _Unrecorded()
"""The recorder of a run that is not recorded."""


class RecordedPerformer(Performer):
    """Carries out the engine's writes, and tells the recorder of each."""

    def __init__(
        self, session: Session, record: Record, journal: Journal, post: Callable[[Answer], None], recorder: Recorder
    ) -> None:
        super().__init__(session, record, journal, post)
        self._recorder = recorder

    def begin(self, write: Write) -> None:
        """Tell the recorder, then begin the write as `Performer` does."""
        attempt_to(lambda: self._recorder.sent(write))
        super().begin(write)
