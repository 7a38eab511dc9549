"""What is random about a run: its name, and the key under which its report tags secret values."""

import secrets
import time


def run_id() -> str:
    """A name that no other run has; names sort by the time of their making (UTC)."""
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return f"{moment}-{secrets.token_hex(4)}"


def run_key() -> bytes:
    """32 random bytes. They never leave the process: with them, a tag could be tried against guesses."""
    return secrets.token_bytes(32)


def random_suffix() -> str:
    """The end of a name that nobody can guess and nobody has."""
    return secrets.token_hex(4)
