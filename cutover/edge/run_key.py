"""What is random about a run: its name, and the key under which its report tags secret values."""

import secrets
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunKey:
    """`run` names the run and sorts by time; `key` never leaves the process."""

    run: str
    key: bytes = field(repr=False)


def new_run() -> RunKey:
    """A name and a key that no other run has."""
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return RunKey(f"{moment}-{secrets.token_hex(4)}", secrets.token_bytes(32))
