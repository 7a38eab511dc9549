"""Writing the traceback of a defect in cutover to a private file, because it must not appear on a user's screen.

An exception's message may quote a value, so the traceback is redacted by the credential patterns first.
"""

import os
import secrets
import time
import traceback

from platformdirs import user_state_path

from cutover.adapters.private_files import append_private
from cutover.core.base.redaction import Redactor


def log_crash(defect: BaseException) -> str:
    """Write the traceback to a file and return a sentence that says where, or why it could not be written."""
    file = user_state_path("cutover") / "defects" / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.getpid()}.txt"
    try:
        append_private(file, Redactor(secrets.token_bytes(32)).text("".join(traceback.format_exception(defect))))
    except OSError as error:
        return f"its trace could not be kept in {file}: {error.strerror}"
    return f"its trace is in {file}"
