"""Read versions from the tags of images: `v1.10.1`, `v1.10.0-rc1`."""

import re
from typing import Final

Release = tuple[int, int, int]
"""Major, minor and patch number."""

VersionOrder = tuple[int, int, int, bool, str]
"""The sort key of a version: a release comes after its release candidates."""

_RELEASE: Final = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_VERSION: Final = re.compile(r"v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(-[0-9A-Za-z.-]+)?")


def release_of(tag: str) -> Release | None:
    """Return the release with which a tag begins, whatever follows; `None` where it begins with none."""
    match = _RELEASE.match(tag)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def order_of(tag: str) -> VersionOrder | None:
    """Return the version of a tag, for comparison; `None` for a tag that is none (`latest`)."""
    match = _VERSION.fullmatch(tag)
    return (int(match[1]), int(match[2]), int(match[3]), not match[4], match[4] or "") if match else None
