"""The random parts of a run: its name, the key under which its report tags secret values, and suffixes of names."""

import secrets
import time


def run_id() -> str:
    """A new name for a run: UTC time and random digits (`20250131-120000-1a2b3c4d`), so names sort by time."""
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return f"{moment}-{secrets.token_hex(4)}"


def run_key() -> bytes:
    """32 random bytes, which never leave the process: with them, guesses of a value could be tested against its tag."""
    return secrets.token_bytes(32)


def random_suffix() -> str:
    """Eight random hexadecimal digits that end a name, so that nobody can guess it."""
    return secrets.token_hex(4)
