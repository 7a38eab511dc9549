"""The catalogue: a check is a file, a line in `ALL`, and a row in docs/checks.md."""

import re
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from cutover.core import checks
from cutover.core.checks.check import Check, filled
from cutover.core.world import Target
from tests.core.checks.documents import ground, told

SHARED: Final = frozenset({"__init__", "check", "finding"})
CODE: Final = re.compile(r"\bC\d{3}\b")
FOLDER: Final = Path(checks.__file__).parent
PACKAGE: Final = FOLDER.parents[1]
PAGE: Final = Path(__file__).parents[3] / "docs" / "checks.md"
ROW: Final = re.compile(r"^\| (C\d{3}) \| (\w+) \| ([^|]+?) \|", re.MULTILINE)


def raised_elsewhere() -> set[str]:
    """The codes that any other room of cutover raises."""
    others = (path for path in PACKAGE.rglob("*.py") if path.parent != FOLDER)
    return {code for path in others for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_a_healthy_application_and_a_good_plan_are_told_nothing() -> None:
    assert told(ground()) == []


def test_all_is_the_folder() -> None:
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in SHARED)
    found = [import_module(f"cutover.core.checks.{name}").CHECK for name in names]
    assert sorted(found, key=lambda check: check.code) == list(checks.ALL)


def test_codes_are_unique_and_leave_those_of_others_alone() -> None:
    codes = [check.code for check in checks.ALL]
    assert codes == sorted(set(codes))
    assert not raised_elsewhere() & set(codes)


def test_every_code_is_documented_with_its_severity_and_title() -> None:
    documented = {code: (severity, title) for code, severity, title in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    assert set(documented) == {check.code for check in checks.ALL} | raised_elsewhere()
    for check in checks.ALL:
        assert documented[check.code] == (check.severity.value, check.title)


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
