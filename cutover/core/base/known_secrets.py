"""Finds known secret values in a text without storing them, by keyed hashes of their encodings.

Three filters, each finer than the one before, so that a megabyte of log takes a fraction of a second: 16 bits of a
hash of the first four characters, a keyed hash of the first sixteen, a keyed hash of the whole value.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Final, TypeVar

from cutover.core.base.credential_patterns import secret_parts
from cutover.core.base.frozen import frozen
from cutover.core.base.secret_encodings import SHORTEST, encodings
from cutover.core.base.secret_pieces import KnownSpan, Pieces, keyed_hash, pieces
from cutover.core.base.secret_text import SecretText

SieveKey = TypeVar("SieveKey", int, bytes)

_TRIVIAL: Final = frozenset({"true", "false", "null", "none"})
"""Values that are never masked, even if a Secret holds them, because they are no secret by themselves."""

_HEAD: Final = 16


def tag(value: str, key: bytes) -> str:
    """Return the text that replaces a masked value. Under one key, equal values get the same tag; it tells no more."""
    digest = hashlib.blake2b(value.encode(errors="surrogatepass"), key=key, digest_size=3, person=b"tag")
    return f"<masked-{digest.hexdigest()}>"


@frozen
class Matcher:
    """Known values, stored as hashes only. `skipped` counts the values that are too short to search for.

    `marks` maps the 16 bits of the first filter to the lengths of heads (the first characters of a value), `heads` maps
    a head's hash to the lengths of values, `tags` maps a value's hash to its tag, `pieces` knows pieces of values.
    """

    key: bytes = field(default=b"", repr=False)
    marks: Mapping[int, frozenset[int]] = field(default_factory=dict, repr=False)
    heads: Mapping[bytes, frozenset[int]] = field(default_factory=dict, repr=False)
    tags: Mapping[bytes, str] = field(default_factory=dict, repr=False)
    pieces: Pieces = field(default=Pieces(), repr=False)
    skipped: int = 0

    def joined(self, other: "Matcher") -> "Matcher":
        """Return the known values of both.

        Raises:
            ValueError: the two were made with different keys.
        """
        if other.key != self.key:
            raise ValueError("matchers of different keys cannot be joined")
        return Matcher(
            key=self.key,
            marks=_united(self.marks, other.marks),
            heads=_united(self.heads, other.heads),
            tags={**self.tags, **other.tags},
            pieces=replace(self.pieces, key=self.key).joined(other.pieces),
            skipped=self.skipped + other.skipped,
        )

    def spans(self, text: str) -> Iterator[KnownSpan]:
        """Yield the longest known value at each position of `text` where one begins; the spans may overlap."""
        marks = self.marks
        # 16 bits of str's own hash, because that is fast for each character; the finer filters check what passes.
        places = [at for at in range(len(text) - SHORTEST + 1) if hash(text[at : at + SHORTEST]) & 0xFFFF in marks]
        for at in places:
            yield from self._longest(text, at)

    def _longest(self, text: str, at: int) -> Iterator[KnownSpan]:
        for length in sorted(self._lengths(text, at), reverse=True):
            known = self.tags.get(keyed_hash(text[at : at + length], self.key))
            if known is not None and at + length <= len(text):
                yield KnownSpan(at, at + length, known)
                return

    def _lengths(self, text: str, at: int) -> set[int]:
        """Return the lengths of the values whose head is at this position."""
        heads = self.marks[_mark(text[at : at + SHORTEST])]
        candidates = (self.heads.get(keyed_hash(text[at : at + length], self.key), frozenset()) for length in heads)
        return {length for lengths in candidates for length in lengths}


def matcher(values: Iterable[SecretText], key: bytes, public: Collection[str] = ()) -> Matcher:
    """Return the known values for these values and their encodings.

    `public` holds names that appear everywhere anyway (of the application, its namespace, its containers): a value
    that equals one cannot be hidden, and masking it would make every sentence unreadable.
    """
    known = {value.reveal() for value in values} - {"", *public}
    parts = {value: {value[start:end] for start, end in secret_parts(value)} - {*public} for value in known}
    secrets = {value for value in known.union(*parts.values()) if value.lower() not in _TRIVIAL}
    tags = {form: tag(secret, key) for secret in sorted(secrets, key=len) for form in _forms(secret)}
    # Of a connection string only its secret parts are known by pieces: it begins as any other.
    whole = {form for secret in secrets if not parts.get(secret, set()) - {secret} for form in _forms(secret)}
    return Matcher(
        key=key,
        marks=_grouped((_mark(form[:SHORTEST]), min(len(form), _HEAD)) for form in tags),
        heads=_grouped((keyed_hash(form[:_HEAD], key), len(form)) for form in tags),
        tags={keyed_hash(form, key): known for form, known in tags.items()},
        pieces=pieces({form: tags[form] for form in whole}, key),
        skipped=sum(len(secret.strip()) < SHORTEST for secret in secrets),
    )


def _forms(secret: str) -> Iterator[str]:
    return (form for form in encodings(secret) if len(form) >= SHORTEST)


def _mark(start: str) -> int:
    return hash(start) & 0xFFFF


def _grouped(pairs: Iterable[tuple[SieveKey, int]]) -> dict[SieveKey, frozenset[int]]:
    groups: dict[SieveKey, set[int]] = {}
    for key, length in pairs:
        groups.setdefault(key, set()).add(length)
    return {key: frozenset(lengths) for key, lengths in groups.items()}


def _united(
    one: Mapping[SieveKey, frozenset[int]], other: Mapping[SieveKey, frozenset[int]]
) -> dict[SieveKey, frozenset[int]]:
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in {**one, **other}}
