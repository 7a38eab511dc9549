"""Finds known secret values in a text without storing them, by keyed hashes of their encodings.

Three filters, each finer than the one before, so that a megabyte of log takes a fraction of a second: 16 bits of a
hash of the first four characters, a keyed hash of the first sixteen, a keyed hash of the whole value.
"""

import base64
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Final, TypeVar
from urllib.parse import quote, quote_plus, unquote

from cutover.core.base.credential_patterns import secret_parts
from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import SecretText

SieveKey = TypeVar("SieveKey", int, bytes)

MINIMUM: Final = 4
"""Characters that a value must have to be masked; shorter ones would mask half of every log."""

_TRIVIAL: Final = frozenset({"true", "false", "null", "none"})
"""Values that are never masked, even if a Secret holds them, because they are no secret by themselves."""

_HEAD: Final = 16
_WHOLE_LINE: Final = 12
"""Characters from which on a single line of a value with several lines is masked by itself."""


def tag(value: str, key: bytes) -> str:
    """Return the text that replaces a masked value. Under one key, equal values get the same tag; it tells no more."""
    digest = hashlib.blake2b(value.encode(errors="surrogatepass"), key=key, digest_size=3, person=b"tag")
    return f"<masked-{digest.hexdigest()}>"


@frozen
class KnownSpan:
    """The span of a known value in a text, and the tag that replaces it."""

    start: int
    end: int
    tag: str


@frozen
class Matcher:
    """Known values, stored as hashes only. `skipped` counts the values that are too short to search for.

    `marks` maps the 16 bits of the first filter to the lengths of heads (the first characters of a value), `heads` maps
    a head's hash to the lengths of values, `tags` maps a value's hash to its tag.
    """

    key: bytes = field(default=b"", repr=False)
    marks: Mapping[int, frozenset[int]] = field(default_factory=dict, repr=False)
    heads: Mapping[bytes, frozenset[int]] = field(default_factory=dict, repr=False)
    tags: Mapping[bytes, str] = field(default_factory=dict, repr=False)
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
            skipped=self.skipped + other.skipped,
        )

    def spans(self, text: str) -> Iterator[KnownSpan]:
        """Yield the longest known value at each position of `text` where one begins; the spans may overlap."""
        marks = self.marks
        # 16 bits of str's own hash, because that is fast for each character; the finer filters check what passes.
        places = [at for at in range(len(text) - MINIMUM + 1) if hash(text[at : at + MINIMUM]) & 0xFFFF in marks]
        for at in places:
            yield from self._longest(text, at)

    def _longest(self, text: str, at: int) -> Iterator[KnownSpan]:
        for length in sorted(self._lengths(text, at), reverse=True):
            known = self.tags.get(_hash(text[at : at + length], self.key))
            if known is not None and at + length <= len(text):
                yield KnownSpan(at, at + length, known)
                return

    def _lengths(self, text: str, at: int) -> set[int]:
        """Return the lengths of the values whose head is at this position."""
        heads = self.marks[_mark(text[at : at + MINIMUM])]
        candidates = (self.heads.get(_hash(text[at : at + length], self.key), frozenset()) for length in heads)
        return {length for lengths in candidates for length in lengths}


def matcher(values: Iterable[SecretText], key: bytes, public: Collection[str] = ()) -> Matcher:
    """Return the known values for these values and their encodings.

    `public` holds names that appear everywhere anyway (of the application, its namespace, its containers): a value
    that equals one cannot be hidden, and masking it would make every sentence unreadable.
    """
    known = {value.reveal() for value in values} - {"", *public}
    texts = known | {value[start:end] for value in known for start, end in secret_parts(value)} - set(public)
    secrets = {value for value in texts if value.lower() not in _TRIVIAL}
    forms = {form: tag(secret, key) for secret in sorted(secrets, key=len) for form in _forms(secret)}
    tags = {form: known for form, known in forms.items() if len(form) >= MINIMUM}
    return Matcher(
        key=key,
        marks=_grouped((_mark(form[:MINIMUM]), min(len(form), _HEAD)) for form in tags),
        heads=_grouped((_hash(form[:_HEAD], key), len(form)) for form in tags),
        tags={_hash(form, key): known for form, known in tags.items()},
        skipped=sum(len(secret.strip()) < MINIMUM for secret in secrets),
    )


def _forms(secret: str) -> Iterator[str]:
    """Yield the encodings in which a value appears in text, also without the newline that Secrets often end with."""
    for value in dict.fromkeys((secret, secret.strip(), unquote(secret))):
        if len(value) < MINIMUM:
            continue
        yield from (value, quote(value, safe=""), quote(value), quote_plus(value))
        yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
        yield from _base64(value)
    lines = (line.strip() for line in secret.splitlines())
    yield from (line for line in lines if len(line) >= _WHOLE_LINE and not line.startswith("-----"))


def _base64(value: str) -> Iterator[str]:
    raw = value.encode(errors="surrogatepass")
    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        yield from (encoded, encoded.rstrip("="))


def _mark(start: str) -> int:
    return hash(start) & 0xFFFF


def _hash(text: str, key: bytes) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), key=key, digest_size=16, person=b"value").digest()


def _grouped(pairs: Iterable[tuple[SieveKey, int]]) -> dict[SieveKey, frozenset[int]]:
    groups: dict[SieveKey, set[int]] = {}
    for key, length in pairs:
        groups.setdefault(key, set()).add(length)
    return {key: frozenset(lengths) for key, lengths in groups.items()}


def _united(
    one: Mapping[SieveKey, frozenset[int]], other: Mapping[SieveKey, frozenset[int]]
) -> dict[SieveKey, frozenset[int]]:
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in {**one, **other}}
