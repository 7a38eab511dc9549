"""The page on the plan: its example is a valid plan, and it names every key that the loader takes."""

import re
from pathlib import Path

import pytest

from cutover.core.plan import change_documents, document
from cutover.core.plan.field_types import DocumentPart
from tests.core.plan.texts import problems

PAGE = (Path(__file__).parents[3] / "docs" / "plan.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
KEYS = {
    field.alias or name
    for part in (*vars(document).values(), *vars(change_documents).values())
    if isinstance(part, type) and issubclass(part, DocumentPart)
    for name, field in part.model_fields.items()
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_valid_plan(example: str) -> None:
    assert problems(example) == []


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_is_on_the_page(key: str) -> None:
    assert EXAMPLES
    assert re.search(rf"\b{key}\b", PAGE)
