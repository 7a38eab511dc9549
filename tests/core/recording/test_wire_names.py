"""The words of recordings, held to those of the version that took them from its classes and fields.

Files in `tests/recordings/wire`, all written by that version:
- `recorded_words.json`: each class with its fields in their order, and the values of those that hold a fixed set;
- `recorded_values.jsonl`: an object of each class, every field filled;
- `recorded_lines.jsonl`: a recording with every kind of object, answer, look, wish and evidence.
"""

import json
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args

import pytest

from cutover.core.base.redaction import Redactor
from cutover.core.patch.edit import FieldEdit
from cutover.core.podtemplate.field_paths import Value
from cutover.core.recording.class_fields import fields_of, hints_of
from cutover.core.recording.encode import encode
from cutover.core.recording.wire_names import BY_CLASS, ClassWords
from tests.core.test_wire_format import written_again
from tests.recordings.decode import decode

WIRE: Final = Path(__file__).parents[2] / "recordings" / "wire"
WORDS: Final = json.loads((WIRE / "recorded_words.json").read_text(encoding="utf-8"))
VALUES: Final = tuple((WIRE / "recorded_values.jsonl").read_text(encoding="utf-8").splitlines())
CLASSES: Final = {words.name: kind for kind, words in BY_CLASS.items()}
ABSENT: Final = [(words, attribute) for words in BY_CLASS.values() for attribute in words.absent]
"""The fields that may hold nothing."""

NOTHING: Final = {words.absent[attribute] for words, attribute in ABSENT if not words.listed(attribute)}
"""The classes without fields as which a recording spells that."""


def values_of(hint: Any) -> list[str]:
    """What the fields of that type may hold, where it is one of a fixed set."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return [member.value for member in hint]
    return [value for inner in get_args(hint) for value in values_of(inner)]


def test_each_class_and_field_has_the_word_that_it_always_had() -> None:
    named = {name: [word for _, word in fields_of(kind)] for name, kind in CLASSES.items()}
    assert named | {nothing: [] for nothing in NOTHING} == WORDS["fields"]


def test_no_value_of_a_fixed_set_is_called_otherwise() -> None:
    found = {
        f"{name}.{word}": values_of(hints_of(kind)[each.name])
        for name, kind in CLASSES.items()
        for each, word in fields_of(kind)
    }
    lacking = {place: set(values) - set(found[place]) for place, values in WORDS["values"].items()}
    assert not any(lacking.values()), lacking


def test_an_object_of_each_class_is_kept() -> None:
    assert [json.loads(line)["class"] for line in VALUES] == sorted(CLASSES.keys() | NOTHING)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(line, id=name)
        for line, name in zip(VALUES, sorted(CLASSES.keys() | NOTHING), strict=True)
        if name not in NOTHING
    ],
)
def test_an_object_that_is_read_and_written_again_reads_as_ever(line: str) -> None:
    document = json.loads(line)
    kind = CLASSES[document["class"]]
    again = encode(decode(document, kind), kind, Redactor(b"k" * 32))
    assert json.dumps(again, ensure_ascii=False, separators=(",", ":")) == line


@pytest.mark.parametrize(
    ("words", "attribute"),
    [pytest.param(words, attribute, id=f"{words.name}.{attribute}") for words, attribute in ABSENT],
)
def test_a_field_that_holds_nothing_is_spelled_as_ever(words: ClassWords, attribute: str) -> None:
    word = words.fields[attribute]
    document = json.loads(next(line for line in VALUES if json.loads(line)["class"] == words.name))
    listed = words.listed(attribute)
    nothing = [] if listed else {"class": words.absent[attribute]}
    value = decode(document | {word: nothing}, words.kind)
    assert getattr(value, attribute) is None
    left_out = {each: value for each, value in document.items() if each != word}
    whole = encode(value, words.kind, Redactor(b"k" * 32))
    assert whole == (left_out if listed else document | {word: nothing})
    assert encode(value, words.kind, Redactor(b"k" * 32), decode(document, words.kind))[word] == nothing


def test_a_field_of_the_template_that_is_not_there_is_spelled_as_ever() -> None:
    place = ("spec", "dnsPolicy")
    added, removed = FieldEdit(place, "/p", None, Value("None")), FieldEdit(place, "/p", Value("None"), None)
    there, nowhere = {"class": "Value", "document": "None"}, {"class": "Nowhere"}
    common = {"class": "FieldEdit", "place": list(place), "pointer": "/p"}
    assert encode(added, FieldEdit, Redactor(b"k" * 32)) == common | {"before": nowhere, "after": there}
    assert encode(removed, FieldEdit, Redactor(b"k" * 32)) == common | {"before": there, "after": nowhere}


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_whatever_may_hold_nothing_has_a_word_for_it(kind: type) -> None:
    hints = hints_of(kind)
    assert {name for name in BY_CLASS[kind].fields if NoneType in get_args(hints[name])} == set(BY_CLASS[kind].absent)


def test_a_recording_of_everything_that_can_be_seen_reads_as_ever() -> None:
    lines = (WIRE / "recorded_lines.jsonl").read_text(encoding="utf-8").splitlines()
    assert list(written_again(lines)) == lines
