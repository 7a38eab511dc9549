"""What the strict loader refuses although a reader of YAML would take it, and how soon it gives up on a bomb."""

import time
from itertools import pairwise

import pytest

from cutover.core.base.errors import InvalidPlanError
from cutover.core.plan.load import load_bytes
from cutover.core.plan.yaml_events import Unquoted, unquoted_word
from tests.core.plan.texts import GOOD, changed, problems, with_env

OPEN = "plan.yaml:6: this is not YAML: while parsing a flow sequence from line 4 on, expected ',' or ']', but got ':'"
TAB = (
    "plan.yaml:17: this is not YAML: while scanning for the next token, "
    r"found character '\t' that cannot start any token"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "  watch:",
            "  watch: {}\n  watch:",
            "plan.yaml:17: spec.watch: expected each key once, found watch in line 16 already",
        ),
        (
            "    app: payments\n",
            '    "app": payments\n    app: payments\n',
            "plan.yaml:9: spec.target.app: expected each key once, found app in line 8 already",
        ),
        (
            "metadata:",
            "metadata: &here",
            "plan.yaml:3: metadata: expected a value as it is, found the anchor here",
        ),
        (
            "name: payments-to-pg16",
            "name: !!str payments-to-pg16",
            "plan.yaml:4: metadata.name: expected a value as it is, found the tag tag:yaml.org,2002:str",
        ),
        (
            "name: payments-to-pg16",
            "name: ! payments-to-pg16",
            "plan.yaml:4: metadata.name: expected a value as it is, found the tag !",
        ),
        (
            "    app: payments\n",
            "    app: payments\n    <<: {}\n",
            "plan.yaml:9: spec.target: expected a word as key, found a merge key",
        ),
        (
            "    app: payments\n",
            "    app: payments\n    on: x\n",
            "plan.yaml:9: spec.target: expected a word as key, found a boolean",
        ),
        (
            "    app: payments\n",
            "    app: payments\n    ? [a]\n    : x\n",
            "plan.yaml:9: spec.target: expected a word as key, found a list",
        ),
        (
            "bake: 90s\n",
            "bake: 90s\n---\na: b\n",
            "plan.yaml:18: expected one document, found a second one",
        ),
        (
            "    bake",
            "\tbake",
            TAB,
        ),
        (
            "name: payments-to-pg16",
            "name: [",
            OPEN,
        ),
        (
            "Move payments",
            "Move \x07 payments",
            "plan.yaml:5: expected printable text, found the character U+0007",
        ),
        (
            "description: Move",
            'description: "\\UFFFFFFFF"\n  x: Move',
            "plan.yaml:5: this is not YAML: an escape or a directive cannot be read",
        ),
    ],
)
def test_what_means_one_thing_to_one_reader_and_another_to_the_next_is_refused(old: str, new: str, said: str) -> None:
    assert first_lines(changed(old, new)) == [said]


def test_an_alias_is_refused_where_it_stands() -> None:
    assert first_lines(with_env("{name: &n X, value: *n}")) == [
        "plan.yaml:10: spec.changes[0].env.name: expected a value as it is, found the anchor n",
        "plan.yaml:10: spec.changes[0].env.value: expected a value as it is, found the alias n",
        "plan.yaml:10: spec.changes[0].env.value: expected a string, found an alias",
    ]


@pytest.mark.parametrize("word", ["\\0", "\\ud800"])
def test_a_character_that_no_environment_can_hold_is_refused_where_it_stands(word: str) -> None:
    (found,) = problems(with_env(f'{{name: X, value: "a{word}"}}'))
    assert found.startswith(
        "plan.yaml:10: spec.changes[0].env.value: expected text, found a character that no text can"
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *((word, "a boolean") for word in ("on", "Off", "yes", "NO", "y", "N")),
        *((word, "a number") for word in ("1", "-1", "+1", "012", "0o14", "0x1F", "0b1", "1_000", "1.5", ".5", "1.")),
        *((word, "a number") for word in ("1e3", "-1.5E-7", ".inf", "-.INF", ".NaN")),
        *((word, "a number in base 60") for word in ("1:30", "190:20:30.15")),
        *((word, "a date") for word in ("2026-01-02", "2026-1-2T03:04:05Z", "2026-01-02 03:04:05")),
        *((word, "nothing") for word in ("", "~", "null", "NULL")),
    ],
)
def test_a_word_that_some_reader_takes_for_something_else_has_to_be_quoted(word: str, kind: str) -> None:
    assert unquoted_word(word) == Unquoted(word, kind)
    said = "give it a value, or remove the key" if kind == "nothing" else "put it into quotes"
    (found,) = problems(with_env(f"{{name: X, value: {word}}}"))
    assert found == f"plan.yaml:10: spec.changes[0].env.value: expected a string, found {kind}\n  → {said}"
    assert problems(with_env(f'{{name: X, value: "{word}"}}')) == []


@pytest.mark.parametrize(
    "word", ["yesno", "one", "1a", "v1.2.3", "10.0.0.1", "1.2.3", "-", "a:b", "0x", "e3", "1e", "."]
)
def test_a_word_that_everybody_takes_for_a_string_needs_no_quotes(word: str) -> None:
    assert unquoted_word(word) == word


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf" + GOOD.encode(), "plan.yaml:1: expected plain UTF-8, found a byte order mark"),
        (GOOD.encode("utf-16"), "plan.yaml:1: expected UTF-8, found the byte 0xff"),
        (GOOD.replace("primary", "prim\xe4r").encode("latin-1"), "plan.yaml:5: expected UTF-8, found the byte 0xe4"),
        (b"a: b\n\0", "plan.yaml:2: expected printable text, found the character U+0000"),
        (b"", "plan.yaml:1: expected a mapping (keys: apiVersion, kind, metadata, spec), found nothing"),
        (b"# nothing\n", "plan.yaml:1: expected a mapping (keys: apiVersion, kind, metadata, spec), found nothing"),
        (b" " * (5 << 20), "plan.yaml:1: expected at most 1048576 characters, found 5242880 bytes"),
        (b" " * (2 << 20), "plan.yaml:1: expected at most 1048576 characters, found 2097152"),
    ],
)
def test_bytes_that_are_no_plan_are_named_with_their_line(data: bytes, said: str) -> None:
    with pytest.raises(InvalidPlanError) as caught:
        load_bytes(data, "plan.yaml")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: " + "[" * 60 + "]" * 60, "plan.yaml:1: a[0][0][0]: expected at most 50 levels, found more"),
        (f"a: [{'x, ' * 30_000}]", "plan.yaml:1: a[11997]: expected at most 12000 parts, found more"),
    ],
)
def test_a_plan_has_a_limited_depth_and_number_of_parts(text: str, said: str) -> None:
    assert first_lines(text) == [said]


def test_half_a_character_in_a_key_is_one_problem_and_does_not_hide_the_others() -> None:
    found = first_lines(changed("metadata:", '"\\ud800": x\nmetadata:', changed("bake: 90s", "bake: 90")))
    assert found == [
        "plan.yaml:3: expected text, found a character that no text can hold (NUL, or half of a surrogate pair)",
        "plan.yaml:3: ?: expected one of the keys (apiVersion, kind, metadata, spec), found ?",
        "plan.yaml:18: spec.watch.bake: expected a duration like 0s, 90s or 1m30s, at most 24h, found a number: 90",
    ]


def first_lines(text: str) -> list[str]:
    """The problems without their remedies."""
    return [problem.splitlines()[0] for problem in problems(text)]


BOMBS = {
    "brackets": "[" * 1_000_000,
    "deep mappings": "{a: " * 1000,
    "dashes": "- " * 500_000,
    "a list that does not end": f"a: [{'x,' * 500_000}]",
    "many keys": "".join(f"key{number}: x\n" for number in range(49_000)),
    "many changes of one variable": with_env("{name: X, value: x}" + "\n    - env: {name: X, value: x}" * 20_000),
    "many anchors": "- &a b\n" * 90_000,
    "laughs": "a: &a [x]\n" + "".join(f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in pairwise("abcdefghij")),
    "one long word": "a: " + "b " * 500_000,
    "digits": "a: " + "1" * 1_000_000 + "x",
    "a version of many digits": f"%YAML 1.{'9' * 10_000}\n---\na\n",
}  # fmt: skip


@pytest.mark.uncovered
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_soon_and_in_words(bomb: str) -> None:
    began = time.process_time()
    assert problems(BOMBS[bomb])
    assert time.process_time() - began < 10  # a second or two on an idle machine


@pytest.mark.parametrize(
    "text",
    [
        "kind: CutoverPlan\nmetadata:\n  name: '\n  description: \"planted-pw-1\"\n  name: '\n",
        "kind: CutoverPlan\nspec:\n  changes:\n    - env: {name: 'A, value: planted-pw-1, container: 'b'}\n",
        'kind: CutoverPlan\nmetadata:\n  name: "\n  password: planted-pw-1\n  name: "\n',
    ],
)
def test_a_quote_that_is_not_closed_shows_no_value_of_what_follows_it(text: str) -> None:
    with pytest.raises(InvalidPlanError) as invalid:
        load_bytes(text.encode(), "plan.yaml")
    assert "planted" not in str(invalid.value)
