"""The redactor, which masks secrets in everything that is printed; there is no other way to print a value.

It is pure and immutable: what is masked, and with which tag, depends only on the text, the run's key, the known values
and the credential patterns.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Final

from cutover.core.base.cluster_text import ClusterText, Sentence, Words
from cutover.core.base.credential_forms import SecretSpan
from cutover.core.base.credential_names import is_credential_name
from cutover.core.base.credential_patterns import named_parts, secret_parts
from cutover.core.base.frozen import frozen
from cutover.core.base.known_secrets import Matcher, matcher, tag
from cutover.core.base.secret_pieces import KnownSpan
from cutover.core.base.secret_text import SecretText

_REFERENCES: Final = frozenset({"key", "secretName", "topologyKey", "secretKeyRef", "configMapKeyRef", "secretRef"})
"""Fields of a pod template that refer to a credential by name. Their values are not secret, though the field names
look like those of credentials.
"""

_TELLING: Final = 6

LONGEST_QUOTE: Final = 200
"""Characters that are quoted of a message of the cluster."""


@frozen
class Redactor:
    """Masks by known value and by credential pattern.

    `key` is random and made for each run: within one run, equal values get equal tags.
    """

    key: bytes = field(repr=False)
    known: Matcher = field(default=Matcher(), repr=False)

    def knowing(self, values: Iterable[SecretText], public: Collection[str] = ()) -> "Redactor":
        """Return a redactor that also masks these values, except names that appear everywhere (see `matcher`)."""
        return self.matching(matcher(values, self.key, public))

    def matching(self, known: Matcher) -> "Redactor":
        """Return a redactor that also masks what `known` finds; `known` must be made with this redactor's key."""
        return replace(self, known=replace(self.known, key=self.key).joined(known))

    @property
    def skipped(self) -> int:
        """How many values were too short to be masked by value."""
        return self.known.skipped

    def text(self, text: str) -> str:
        """Return any text with every known value and everything that looks like a credential masked."""
        return self._masked(text, secret_parts(text))

    def whole(self, text: ClusterText) -> str:
        """Return a text of the cluster, masked, pieces of known values at its ends included."""
        shown = text.unmasked()
        return self._masked(shown, secret_parts(shown), self.known.pieces.spans(shown))

    def excerpt(self, text: ClusterText, longest: int = LONGEST_QUOTE) -> str:
        """Return the beginning of a text of the cluster on one line: masked first, then cut."""
        line = " ".join(self.whole(text).split())
        return line if len(line) <= longest else f"{line[:longest]}…"

    def words(self, words: Words) -> str:
        """Return a sentence, masked, with an excerpt of each text of the cluster that it quotes."""
        if isinstance(words, str):
            return self.text(words)
        if not isinstance(words, Sentence):
            raise TypeError(f"a {type(words).__name__} is no sentence")
        return self.text("".join(self.excerpt(part) if isinstance(part, ClusterText) else part for part in words.parts))

    def literal(self, name: str, value: SecretText) -> str:
        """Return the literal of a variable, masked as far as its name or its form looks like a credential."""
        text = value.reveal()
        return self._masked(text, (*named_parts(name, text), *secret_parts(text)))

    def hides(self, name: str, value: SecretText) -> bool:
        """Return whether any part of a variable's literal is masked."""
        return self.literal(name, value) != value.reveal()

    def lines(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Return log lines, masked; they are joined first, so a secret over several lines becomes one line."""
        return tuple(self.text("\n".join(lines)).split("\n")) if lines else ()

    def document(self, document: Any) -> Any:
        """Return a JSON document with every string masked; an entry with `name` and `value` is masked by its name."""
        if isinstance(document, str):
            return self.text(document)
        if isinstance(document, Mapping):
            return self._entry(document) if _is_entry(document) else self._members(document)
        return self._items(document) if isinstance(document, list | tuple) else document

    def _entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        named = {"value": self.literal(entry["name"], SecretText(entry["value"]))}
        return {key: named[key] if key in named else self._member(key, value) for key, value in entry.items()}

    def _members(self, members: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._member(key, value) for key, value in members.items()}

    def _member(self, key: str, value: Any) -> Any:
        secret = isinstance(value, str) and key not in _REFERENCES
        return self.literal(key, SecretText(value)) if secret else self.document(value)

    def _items(self, items: Sequence[Any]) -> list[Any]:
        """Return a list with its items masked; the item after a flag (`--password`) is masked under the flag's name."""
        named = zip(("", *map(_flag, items)), items, strict=False)
        return [self._member(flag, item) if flag else self.document(item) for flag, item in named]

    def _masked(self, text: str, parts: Iterable[SecretSpan], pieces: Iterable[KnownSpan] = ()) -> str:
        """Return the text with the given spans, pieces, and every known value masked."""
        by_pattern = (KnownSpan(start, end, tag(text[start:end], self.key)) for start, end in parts)
        shown, end = [], 0
        for span in _disjoint((*self.known.spans(text), *by_pattern, *pieces)):
            shown += [text[end : span.start], span.tag]
            end = span.end
        return "".join((*shown, text[end:]))


def credentials_in(name: str, value: SecretText) -> tuple[SecretText, ...]:
    """Return the secrets in a variable's literal that must be masked everywhere: a password, or the one in a URL.

    One shorter than `_TELLING` that only its name tells may be any word: `literal` alone masks it, under its name.
    """
    text = value.reveal()
    named = (part for part in named_parts(name, text) if part[1] - part[0] >= _TELLING)
    return tuple(SecretText(text[start:end]) for start, end in (*named, *secret_parts(text)))


def _disjoint(spans: Iterable[KnownSpan]) -> Iterator[KnownSpan]:
    """Return the spans in order; merge those that overlap, under the tag of the first and longest."""
    merged: list[KnownSpan] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return iter(merged)


def _is_entry(members: Mapping[str, Any]) -> bool:
    return isinstance(members.get("name"), str) and isinstance(members.get("value"), str)


def _flag(item: Any) -> str:
    """Return the item if it is a credential's flag that takes the next item as its value, else the empty string."""
    is_flag = isinstance(item, str) and item.startswith("-") and "=" not in item
    return item if is_flag and is_credential_name(item) else ""
