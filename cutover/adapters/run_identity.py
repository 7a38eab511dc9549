"""The random parts of a run: its name, the key under which its report tags secret values, and suffixes of names."""

import secrets
import time


def run_id() -> str:
    """A unique name for a run; names sort by the time at which they were made (UTC)."""
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return f"{moment}-{secrets.token_hex(4)}"


def run_key() -> bytes:
    """32 random bytes. They never leave the process: whoever had them could test guesses of a value against its tag."""
    return secrets.token_bytes(32)


def random_suffix() -> str:
    """A random end for a name: it cannot be guessed, and no other object has it."""
    return secrets.token_hex(4)
