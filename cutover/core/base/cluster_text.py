"""The type for text that the cluster says, and sentences of our own that quote it.

Such text may hold a secret, wherever somebody put it. It is no string: mypy lets nobody cut it, join it or pass it on,
and formatting it shows a placeholder. `Redactor` is the only way from it to a string: first it masks, then it cuts.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Final, final

from cutover.core.base.frozen import frozen

if TYPE_CHECKING:
    import re

NOT_SHOWN: Final = "(text of the cluster, not shown)"
"""What formatting shows of such a text."""


@final
class ClusterText:
    """Text that the cluster says: a message, a line of a log, a body. It is never formatted, cut or joined."""

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str = "") -> None:
        object.__setattr__(self, "_text", text)

    def unmasked(self) -> str:
        """Return the string itself, for the redactor, for a recording's redactor, and to find words in it."""
        return self._text

    def says(self, words: "str | re.Pattern[str]") -> bool:
        """Return whether these words occur in the text."""
        return words in self._text if isinstance(words, str) else words.search(self._text) is not None

    def __bool__(self) -> bool:
        return bool(self._text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("text of the cluster does not change")

    def __repr__(self) -> str:
        return f"ClusterText{NOT_SHOWN}"

    def __str__(self) -> str:
        return NOT_SHOWN if self._text else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClusterText) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __copy__(self) -> "ClusterText":
        return self

    def __deepcopy__(self, _memo: object) -> "ClusterText":
        return self


@frozen
class Sentence:
    """A sentence of ours that quotes the cluster. Formatting it shows a placeholder for each quotation."""

    parts: tuple[str | ClusterText, ...]

    def __str__(self) -> str:
        return shown(self)


Words = str | Sentence
"""What people read. A field of this type is masked before it is shown; a string of any other field is a word of ours
or the name of an object, and stays as it is."""


MaskedText = Annotated[str, "masked"]
"""Text in which whatever it quotes is masked already. A field of this type is masked again, like one of `Words`."""


def shown(words: Words) -> str:
    """Return a sentence as a string, with a placeholder for each quotation that `Redactor.words` has not masked."""
    return words if isinstance(words, str) else "".join(map(str, words.parts))


def joined(between: str, sentences: Iterable[Words]) -> Words:
    """Return these sentences in one, as `str.join` does."""
    return sentence(*[part for each in sentences for part in (between, each)][1:])


def sentence(*parts: Words | ClusterText) -> Words:
    """Return these parts in one sentence; a string, if nothing in it is quoted."""
    flat = [piece for part in parts for piece in (part.parts if isinstance(part, Sentence) else (part,)) if piece]
    runs = [list(run) for _, run in groupby(flat, lambda piece: isinstance(piece, ClusterText))]
    whole = tuple(piece for run in runs for piece in _together(run))
    return "".join(map(str, whole)) if all(isinstance(piece, str) for piece in whole) else Sentence(whole)


def _together(run: list[str | ClusterText]) -> list[str | ClusterText]:
    """Return strings of ours that stand side by side as one; quotations stay apart."""
    return run if isinstance(run[0], ClusterText) else ["".join(map(str, run))]
