"""Every playbook is a valid plan, has a page, and is named on the first page; the JSON Schema takes it as well."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from cutover.core.plan.load import load
from cutover.core.plan.schema import schema

FOLDER = Path(__file__).parents[3] / "playbooks"
PLANS = sorted(FOLDER.glob("*.yaml"))


def test_there_are_some() -> None:
    assert {plan.stem for plan in PLANS} >= {"database-endpoint", "env-flag", "config-object"}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_a_playbook_is_a_valid_plan_with_a_page(plan: Path) -> None:
    text = plan.read_text()
    assert load(text, plan.name).description
    assert jsonschema.Draft202012Validator(schema()).is_valid(yaml.safe_load(text))
    assert f"cutover apply playbooks/{plan.name}" in plan.with_suffix(".md").read_text()
    assert f"[{plan.stem}]({plan.stem}.md)" in (FOLDER / "README.md").read_text()
