"""The form that the name of a run has, wherever it comes from: names become file names, and are printed."""

import re
from typing import Final

UNKNOWN_RUN: Final = "unknown"
"""Stands for a name that cannot be told."""

_FORM: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A label as in RFC 1123, as names of Kubernetes are; `adapters.run_identity.run_id` makes such names."""


def is_run_name(text: str) -> bool:
    """Return whether the text has the form of a run's name."""
    return _FORM.fullmatch(text) is not None
