"""The one place where what differs from run to run is replaced; everything else has to be the same to the letter."""

import re
from collections.abc import Callable
from typing import Final

TAGGED: Final = (
    # A masked value carries a tag that is keyed with random bytes of the run (`Redactor`), in whatever quotes.
    ("masked", re.compile(r"(?<=masked-)[0-9a-f]{6}(?![0-9a-f])")),
    # A run's name: the moment of its beginning and four random bytes.
    ("run", re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{8}\b")),
    # The file of a defect: the moment and the process.
    ("defect", re.compile(r"\b\d{8}-\d{6}-\d+(?=\.txt)")),
    # A review salts the digests of what it rests on; a plan's own digest is the same in every run.
    ("digest", re.compile(r'(?:(?<=Digest": ")|(?<="content": "))[0-9a-f]{64}(?=")')),
    # The name of a Secret's copy ends in four random bytes; those of ConfigMaps and ReplicaSets are longer.
    ("random", re.compile(r"(?<=-)[0-9a-f]{8}(?![0-9a-zA-Z-])")),
)
"""Random words: each is replaced by its number, in the order of first appearance."""

MOMENTS: Final = (
    # A review names when it was made and how long it is good, and with what it salts.
    (re.compile(r'"(reviewed|expires)": "\d{4}-[^"]+"'), r'"\1": "<moment>"'),
    (re.compile(r'"(suffix|salt)": "[0-9a-f]{8}"'), r'"\1": "<random>"'),
)


class Normaliser:
    """Replaces what is random in the texts of one case: the same word gets the same number in all of them."""

    def __init__(self, folders: dict[str, str]) -> None:
        self._folders = sorted(folders.items(), key=lambda item: -len(item[0]))
        self._numbers: dict[tuple[str, str], int] = {}

    def text(self, raw: bytes) -> str:
        """The text without what differs from run to run; bytes that are no UTF-8 are spelled out."""
        text = raw.decode(errors="backslashreplace")
        for folder, name in self._folders:
            text = text.replace(folder, name)
        for pattern, replacement in MOMENTS:
            text = pattern.sub(replacement, text)
        for kind, pattern in TAGGED:
            text = pattern.sub(self._numbered(kind), text)
        return text

    def _numbered(self, kind: str) -> Callable[[re.Match[str]], str]:
        def number(found: re.Match[str]) -> str:
            key = (kind, found.group())
            return f"{kind}-{self._numbers.setdefault(key, len(self._numbers) + 1)}"

        return number
