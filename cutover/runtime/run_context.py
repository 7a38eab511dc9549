"""The context of a run: the connection, record, journal, redactor and recorder that its steps share."""

from cutover.adapters.journal import Journal
from cutover.adapters.kube.session import Session
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import Redactor
from cutover.runtime.performer import Performer
from cutover.runtime.record import Record
from cutover.runtime.recording_port import UNRECORDED, Recorder


@frozen
class RunContext:
    """What the steps of a command that writes share.

    `since` is when the run began, in seconds since the epoch, if another process began it.
    """

    session: Session
    record: Record
    journal: Journal
    redactor: Redactor
    recorder: Recorder = UNRECORDED
    since: float | None = None

    def performer(self) -> Performer:
        """Return a performer whose answers go to the caller only, not to a mailbox."""
        return Performer(self.session, self.record, self.journal)
