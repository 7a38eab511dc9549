"""The catalogue: a check is a file, a line in `ALL`, and a row in docs/checks.md."""

import re
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from cutover.core import checks
from cutover.core.base.target import Target
from cutover.core.checks.catalogue import BY_CODE, PAGES, Page
from cutover.core.checks.check import Check, filled
from tests.core.checks.documents import ground, told
from tests.docs_checks import FILE, page

SHARED: Final = frozenset(
    {"__init__", "allowances", "catalogue", "check", "finding", "ownership", "required_rights", "versions"}
)
"""Files of the folder that are no check."""

CODE: Final = re.compile(r"\bC\d{3}\b")
FOLDER: Final = Path(checks.__file__).parent
PACKAGE: Final = FOLDER.parents[1]


ELSEWHERE: Final = frozenset(BY_CODE) - {check.code for check in checks.ALL}
"""Codes without a check of their own."""


def test_a_healthy_application_and_a_good_plan_are_told_nothing() -> None:
    assert told(ground()) == []


def test_all_is_the_folder() -> None:
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in SHARED)
    found = [import_module(f"cutover.core.checks.{name}").CHECK for name in names]
    assert sorted(found, key=lambda check: check.code) == list(checks.ALL)


def test_codes_are_unique_and_in_their_order() -> None:
    codes = [check.code for check in checks.ALL]
    assert codes == sorted(set(codes))
    assert len(BY_CODE) == len(PAGES)


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_a_code_without_a_check_is_raised_elsewhere(code: str) -> None:
    no_checks = SHARED - {"catalogue"}
    others = (path for path in PACKAGE.rglob("*.py") if path.parent != FOLDER or path.stem in no_checks)
    assert any(code in path.read_text(encoding="utf-8") for path in others)


def test_no_code_that_is_raised_is_missing_from_the_catalogue() -> None:
    raised = {code for path in PACKAGE.rglob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert raised == set(BY_CODE)


def test_the_page_of_the_checks_is_made_from_the_catalogue() -> None:
    assert FILE.read_text(encoding="utf-8") == page(), "`make docs-checks` writes it"


@pytest.mark.parametrize("found", PAGES, ids=lambda found: found.code)
def test_every_page_says_why_when_and_what_to_do(found: Page) -> None:
    assert all((found.title, found.why, found.when, found.remedy))
    assert not found.when.endswith(".")


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.code)
def test_a_remedy_names_a_value_to_set_or_a_command_to_type(check: Check) -> None:
    assert re.search(r"`kubectl |spec\.|the plan|readinessProbe|`optional: true`", check.remedy)
    assert "{" not in re.sub(r"'.*?'|httpGet: \{.*?\}|\[.*\]|`pause: \{\}`", "", filled(check.remedy, Target("r", "n")))


def test_the_commands_of_a_remedy_lead_to_the_target() -> None:
    remedy = "`kubectl argo rollouts status {rollout} {scope}`"
    assert filled(remedy, Target("payments", "shop", context="prod")) == (
        "`kubectl argo rollouts status payments -n shop --context prod`"
    )
    assert filled(remedy, Target("payments", "shop")) == "`kubectl argo rollouts status payments -n shop`"
