"""Where two templates differ, as pointers into the Rollout."""

from typing import Any

import jsonpatch


def differing_places(wanted: Any, stored: Any) -> tuple[str, ...]:
    """The JSON pointers, below `/spec/template`, at which two templates differ."""
    operations = jsonpatch.make_patch(wanted, stored).patch
    return tuple(sorted({f"/spec/template{operation['path']}" for operation in operations}))
