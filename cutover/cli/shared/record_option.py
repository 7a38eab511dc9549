"""The option `--record`, and the recorder that it names."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cutover.runtime.recording_port import Recorder

RecordFile = Annotated[
    str, typer.Option("--record", metavar="FILE", help="Record what was seen, redacted, for a replay.")
]


def recorder_of(file: str) -> "Recorder":
    """Return the recorder that writes to that file; one that keeps nothing if no file is named."""
    from cutover.runtime.recording_port import UNRECORDED

    if not file:
        return UNRECORDED
    from pathlib import Path

    from cutover.adapters.recording_files import Recording

    return Recording(Path(file))
