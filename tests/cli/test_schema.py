"""`cutover schema`: an editor that knows it says what `cutover validate` would."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from cutover.core.plan.schema import schema
from tests.cli.process import cutover
from tests.core.plan.texts import GOOD, changed, problems, with_env

ROOT = Path(__file__).parents[2]
EXAMPLES = [
    text
    for page in ("README.md", "docs/plan.md")
    for text in re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    if "kind: CutoverPlan" in text
]


def fits(text: str) -> bool:
    """Whether the schema takes the plan."""
    return bool(jsonschema.Draft202012Validator(schema()).is_valid(yaml.safe_load(text)))


def test_it_is_printed_and_is_a_valid_schema() -> None:
    done = cutover("schema")
    document: Any = json.loads(done.stdout)
    assert (done.returncode, document) == (0, schema())
    jsonschema.Draft202012Validator.check_schema(document)


def test_nothing_in_it_speaks_of_the_code() -> None:
    text = json.dumps(schema())
    assert "core." not in text
    assert "Document" not in text
    assert '"null"' not in text


@pytest.mark.parametrize("text", [GOOD, *EXAMPLES])
def test_it_takes_what_the_loader_takes(text: str) -> None:
    assert EXAMPLES
    assert problems(text) == []
    assert fits(text)


@pytest.mark.parametrize(
    "text",
    [
        changed("kind: CutoverPlan", "kind: Plan"),
        changed("app: payments\n", "app: Payments\n"),
        changed("bake: 90s", "bake: 90"),
        changed("bake: 90s", "bakes: 90s"),
        GOOD + "  deadman: {seconds: 5}\n",
        GOOD + '  allow: [{code: C19, reason: "x"}]\n',
        GOOD + '  allow: [{code: C019, reason: " "}]\n',
        with_env("{name: A}"),
        with_env("{name: A, value: null}"),
        with_env('{name: A, value: "1", remove: true}'),
        with_env('{name: A, value: "1", container: a, allContainers: true}'),
        with_env('{name: A, value: "1", from: {}}'),
        with_env('{name: A, value: "1", mode: put}'),
    ],
)
def test_it_refuses_what_the_loader_refuses(text: str) -> None:
    assert problems(text)
    assert not fits(text)
