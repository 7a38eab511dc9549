"""One spelling and one digest for a JSON document, whatever the order of its keys."""

import hashlib
import json
from typing import Any


def canonical(document: Any) -> str:
    """The document as JSON with sorted keys and no spaces: equal documents, and only they, read the same."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def digest(document: Any) -> str:
    """The SHA-256 of the canonical spelling, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()
