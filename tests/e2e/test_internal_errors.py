"""A defect of our own after the write must not leave a half-done cutover: broken on purpose, on the real cluster."""

from typing import Any

import pytest

from cutover.commands.apply import ApplyOptions, apply
from cutover.commands.connect import ClusterFlags
from cutover.core.base.outcomes import Cause, Outcome
from cutover.core.engine import step as machine
from cutover.core.engine.judge import judge
from cutover.core.engine.state import Phase, State
from cutover.core.engine.step import advance
from cutover.core.review.report import Report
from cutover.runtime import loop
from tests.e2e.arena import Arena
from tests.quotations import unmasked

pytestmark = pytest.mark.cluster


def carry_out(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setenv("XDG_STATE_HOME", str(arena.folder / "state"))
    plan = arena.plan(arena.to_secret("payments-db-b"))
    return apply(ApplyOptions(str(plan), ClusterFlags(kubeconfig=str(arena.bed.kubeconfig))))


def test_a_defect_in_judging_leads_to_the_failure_transaction(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    arena.deploy()
    template = arena.template()

    def broken(state: State, *rest: Any) -> Any:
        if state.phase is Phase.CANARY and state.verdict is None:
            raise ZeroDivisionError
        return judge(state, *rest)

    monkeypatch.setattr(machine, "judge", broken)
    report = carry_out(arena, monkeypatch)
    assert (report.outcome, report.unproven) == (Outcome.HELD, ())
    assert isinstance(report.cause, Cause)
    assert report.cause.code == "defect"
    assert "ZeroDivisionError" in unmasked(report.cause.message)
    assert arena.template() == template
    assert "ZeroDivisionError" in _traces(arena)


def test_a_second_defect_still_puts_the_old_template_back_and_calls_a_human(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    arena.deploy()
    template = arena.template()

    def broken(state: State, *rest: Any) -> Any:
        if state.adopted:
            raise ZeroDivisionError
        return advance(state, *rest)

    monkeypatch.setattr(loop, "advance", broken)
    report = carry_out(arena, monkeypatch)
    assert report.outcome is Outcome.UNVERIFIED
    assert report.next
    assert arena.template() == template
    arena.wait_healthy()


def test_a_defect_before_the_write_is_one_line_and_writes_nothing(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    arena.deploy()

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(loop, "advance", broken)
    with arena.no_write(but="/leases"), pytest.raises(ZeroDivisionError):
        carry_out(arena, monkeypatch)
    assert arena.leases() == []


def _traces(arena: Arena) -> str:
    return "".join(file.read_text() for file in (arena.folder / "state" / "cutover" / "defects").iterdir())
