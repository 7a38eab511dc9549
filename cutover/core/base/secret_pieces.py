"""Finds a piece of a known secret at either end of a text: where somebody cut the text, the secret may be cut, too.

Logs are cut at a limit, the kubelet keeps the tail of a termination message, controllers shorten their messages. Like
the whole values (`known_secrets`), pieces are known by keyed hashes only: of the first and of the last 16, 8 and 4
characters of each value.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Final

from cutover.core.base.frozen import frozen
from cutover.core.base.secret_encodings import SHORTEST

PROBES: Final = (16, 8, SHORTEST)
"""Characters of a value's beginning and end of which hashes are kept."""

Edges = Mapping[bytes, tuple[int, str]]
"""Hashes of beginnings or ends; of each, the length of the longest value that has it, and a value's tag."""


@frozen
class KnownSpan:
    """The span of a known value, or of a piece of one, in a text, and the tag that replaces it."""

    start: int
    end: int
    tag: str


@frozen
class Pieces:
    """The beginnings and the ends of known values."""

    key: bytes = field(default=b"", repr=False)
    beginnings: Edges = field(default_factory=dict, repr=False)
    ends: Edges = field(default_factory=dict, repr=False)

    def joined(self, other: "Pieces") -> "Pieces":
        """Return the pieces of both; they must be made with one key."""
        return Pieces(self.key, _joined(self.beginnings, other.beginnings), _joined(self.ends, other.ends))

    def spans(self, text: str) -> Iterator[KnownSpan]:
        """Yield the longest piece at the end of the text, and the longest at its start."""
        for size in range(min(_longest(self.beginnings), len(text)), SHORTEST - 1, -1):
            at = len(text) - size
            known = self._known(self.beginnings, text[at : at + _probe(size)], size)
            if known:
                yield KnownSpan(at, len(text), known)
                break
        for size in range(min(_longest(self.ends), len(text)), SHORTEST - 1, -1):
            known = self._known(self.ends, text[size - _probe(size) : size], size)
            if known:
                yield KnownSpan(0, size, known)
                break

    def _known(self, edges: Edges, probe: str, size: int) -> str:
        longest, known = edges.get(keyed_hash(probe, self.key), (0, ""))
        return known if longest > size else ""


def pieces(tags: Mapping[str, str], key: bytes) -> Pieces:
    """Return the pieces of these values; `tags` has the tag of each."""
    probes = [(value, size) for value in tags for size in PROBES if size < len(value)]
    beginnings = ((keyed_hash(value[:size], key), (len(value), tags[value])) for value, size in probes)
    ends = ((keyed_hash(value[-size:], key), (len(value), tags[value])) for value, size in probes)
    return Pieces(key, _longest_of_each(beginnings), _longest_of_each(ends))


def keyed_hash(text: str, key: bytes) -> bytes:
    """Return the hash under which a text is known."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), key=key, digest_size=16, person=b"value").digest()


def _probe(size: int) -> int:
    return next(probe for probe in PROBES if probe <= size)


def _longest(edges: Edges) -> int:
    """Return the characters of the longest piece that is no whole value."""
    return max((length for length, _ in edges.values()), default=0) - 1


def _joined(one: Edges, other: Edges) -> Edges:
    return _longest_of_each((*one.items(), *other.items()))


def _longest_of_each(edges: Iterable[tuple[bytes, tuple[int, str]]]) -> Edges:
    return dict(sorted(edges, key=lambda edge: edge[1][0]))
