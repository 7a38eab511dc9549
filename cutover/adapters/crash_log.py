"""Keeping the trace of a defect of our own in a private file: a traceback never reaches a user's screen.

An exception's message may quote a value: the trace is redacted by pattern before it is kept.
"""

import os
import secrets
import time
import traceback

from platformdirs import user_state_path

from cutover.adapters.private_files import append_private
from cutover.core.base.redaction import Redactor


def log_crash(defect: BaseException) -> str:
    """Write the trace to a file and say where; say why not where it could not be written."""
    file = user_state_path("cutover") / "defects" / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}.txt"
    try:
        append_private(file, Redactor(secrets.token_bytes(32)).text("".join(traceback.format_exception(defect))))
    except OSError as error:
        return f"its trace could not be kept in {file}: {error.strerror}"
    return f"its trace is in {file}"
