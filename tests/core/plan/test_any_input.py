"""The law of the loader: whatever comes in, it is a `Plan` or an `InvalidPlanError` with a place, never a traceback."""

import json
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cutover.core.base.errors import InvalidPlanError
from cutover.core.base.secret_text import SecretText
from cutover.core.plan.load import load_bytes
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.env_source import LiteralValue
from tests.core.plan.texts import GOOD
from tests.quotations import unmasked
from tests.sampling import WHOLE

KEYS = (
    *("name", "value", "secretKeyRef", "configMapKeyRef", "key", "optional", "remove", "from", "absent", "mode", "env"),
    *(
        "container",
        "allContainers",
        "watch",
        "bake",
        "hold",
        "changes",
        "target",
        "spec",
        "metadata",
        "kind",
        "<<",
        "on",
    ),
)
WORDS = st.sampled_from(["X", "app", "set", "auto", "90s", "0s", "", "true", "1", "a=b", "é", "\n", "\u2028", "\x00"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8) | st.dates()
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | WORDS, inner, max_size=5),
    max_leaves=25,
)
LAW = settings(deadline=None, max_examples=300 if WHOLE else 120)


def outcome(data: bytes) -> Plan | InvalidPlanError:
    """What became of the bytes. Any other exception passes through and fails the test."""
    became = _became(data)
    if isinstance(became, InvalidPlanError):
        assert all(problem.file == "plan.yaml" for problem in became.problems)
        assert all(
            unmasked(problem.message).isprintable() and problem.where().isprintable() for problem in became.problems
        )
    return became


def _became(data: bytes) -> Plan | InvalidPlanError:
    try:
        return load_bytes(data, "plan.yaml")
    except InvalidPlanError as error:
        return error


@LAW
@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"? ")
@example(b"%TAG ! tag:x\n---\n!a b")
def test_any_bytes(data: bytes) -> None:
    assert isinstance(outcome(data), InvalidPlanError)


@LAW
@given(st.text(alphabet="abX:- \n\t\"'{}[]&*!|>%@`?,#~.0123456789<=\\", max_size=120))
def test_any_text_of_yaml_punctuation(text: str) -> None:
    assert isinstance(outcome(text.encode()), InvalidPlanError)


@LAW
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(alphabet=": \n-{}[]\"'&*!#?|>ax1", max_size=6))
def test_a_plan_with_any_stretch_of_it_replaced(start: int, length: int, inserted: str) -> None:
    outcome(f"{GOOD[:start]}{inserted}{GOOD[start + length :]}".encode())


@LAW
@given(st.sampled_from(["spec", "metadata", "target", "changes", "env", "secretKeyRef", "from", "watch"]), DOCUMENTS)
def test_a_plan_with_any_document_in_place_of_a_part(key: str, part: Any) -> None:
    plan = yaml.safe_load(GOOD)
    _put(plan, key, part)
    outcome(yaml.safe_dump(plan, allow_unicode=True).encode(errors="surrogatepass"))
    outcome(json.dumps(plan, default=str).encode())


def _put(node: Any, key: str, part: Any) -> None:
    """Replace what stands under the key, wherever it is."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in inner:
        _put(child, key, part)
    if isinstance(node, dict) and key in node:
        node[key] = part


@LAW
@given(
    value=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
    name=st.from_regex(r"[A-Z_][A-Z0-9_]{0,20}", fullmatch=True),
)
def test_every_quoted_value_arrives_as_it_is(value: str, name: str) -> None:
    head, _, rest = GOOD.partition("    - env:\n")
    env = json.dumps({"name": name, "value": value})
    found = outcome(f"{head}    - env: {env}\n{rest[rest.index('  watch:') :]}".encode())
    assert isinstance(found, Plan)
    (change,) = found.variables
    assert (change.variable, change.to) == (name, LiteralValue(SecretText(value)))
