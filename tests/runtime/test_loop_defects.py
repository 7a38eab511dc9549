"""A defect in any call of any port, at any moment of a run: it comes to its own ending, and asks for its way back.

What answers is written down by the kind of write; nothing here imitates a controller.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import jsonpatch
import pytest

from cutover.core.base.outcomes import Ending, Outcome
from cutover.core.engine.state import start
from cutover.core.engine.step import advance
from cutover.core.writes.write import Accepted, Refused, Write, WriteName
from cutover.runtime import loop
from cutover.runtime.loop import LoopPorts, News
from tests.core.engine import stage as stages
from tests.core.engine.play import See, applied, run_spec
from tests.core.engine.stage import ClusterStage, opening, plan
from tests.runtime.ports import BEGAN, Script, ScriptedMailbox

OPENING: Final = opening()


def same(stage: ClusterStage) -> ClusterStage:
    return stage


def crashes(stage: ClusterStage) -> ClusterStage:
    return stage.adopted().canary().canary_pod(**stages.crash_looping(1, 3))


def promotes(stage: ClusterStage) -> ClusterStage:
    return stage.adopted().promoted()


AFTER: Final[Mapping[str, Mapping[WriteName, See]]] = {
    "bad": {
        WriteName.CUTOVER: crashes,
        WriteName.ABORT: ClusterStage.aborted,
        WriteName.RESTORE: ClusterStage.restored_and_healthy,
    },
    "good": {
        WriteName.CUTOVER: promotes,
        WriteName.ABORT: ClusterStage.aborted,
        WriteName.RESTORE: ClusterStage.restored_and_healthy,
    },
}


class Defect(RuntimeError):  # noqa: N818 -- the word of the engine
    """What is raised."""


class Fails:
    """A call that raises once, at that of its calls, and works as before at all others."""

    def __init__(self, call: Callable[..., Any], at: int) -> None:
        self._call = call
        self._at = at
        self.calls = 0
        self.lost: tuple[Any, ...] = ()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls += 1
        if self.calls == self._at:
            self.lost = arguments
            raise Defect
        return self._call(*arguments, **named)

    @property
    def failed(self) -> bool:
        return self.calls >= self._at


def answers(script: Script, kind: str) -> Iterator[Iterable[News]]:
    """Each write is answered and shows what is written down for it; each read is answered; else a second passes."""
    stage, told, read = OPENING, 0, 0
    for _ in range(900):
        asked = script.asked
        if len(asked.writes) > told:
            write = asked.writes[told]
            told += 1
            try:
                stage = replace(stage, rollout=applied(stage.rollout, write))
            except jsonpatch.JsonPatchException:
                yield [Refused(write, 422, "a guard does not hold", stage.view()), *script.seen(stage)]
                continue
            stage = AFTER[kind].get(write.name, same)(stage)
            yield [Accepted(write, stage.view()), *script.seen(stage)]
        elif asked.everything.count("read all") > read:
            read = asked.everything.count("read all")
            yield script.read(stage)
        else:
            yield script.seen(stage, after=1.0)


PORTS: Final = ("begin", "begin_fresh_read", "begin_collect", "record", "see", "lock", "advance", "note_defect")
CALLS: Final = range(1, 25)
FINE: Final = {Outcome.PROMOTED, Outcome.HELD, Outcome.UNVERIFIED, Outcome.REVERTED, Outcome.UNOBSERVABLE}


class BrokenScript(Script):
    """A script one of whose ports raises once."""

    def __init__(self, port: str, at: int) -> None:
        super().__init__()
        self._port = port
        self._at = at
        self.fails = Fails(lambda: None, at)

    @property
    def asked_for(self) -> set[WriteName]:
        """The writes that the loop wanted, the one that a defect kept from being sent included."""
        lost = {each.name for each in self.fails.lost if isinstance(each, Write)}
        resort = {each[1] for each in self.asked.everything if isinstance(each, tuple)}
        return {*self.asked.names, *lost, *resort}

    def breaks(self, call: Callable[..., Any]) -> Fails:
        self.fails = Fails(call, self._at)
        return self.fails

    def ports_of(self, mailbox: ScriptedMailbox) -> LoopPorts:
        ports = super().ports_of(mailbox)
        match self._port:
            case "begin" | "begin_fresh_read" | "begin_collect":
                setattr(self.asked, self._port, self.breaks(getattr(self.asked, self._port)))
            case "record":
                setattr(self.record, "add", self.breaks(self.record.add))  # noqa: B010 -- a method of this one record
            case "see":
                return replace(ports, see=self.breaks(ports.see))
            case "lock":
                return replace(ports, lock=self.breaks(ports.lock))
            case "note_defect":
                return replace(ports, note_defect=Fails(ports.note_defect, 1))
        return ports


def run(kind: str, port: str, at: int, monkeypatch: pytest.MonkeyPatch) -> tuple[BrokenScript, Ending | Defect]:
    """One run in which that call of that port raises; the engine's defect is noted by what raises, too."""
    script = BrokenScript(port, at)
    if port in {"advance", "note_defect"}:
        monkeypatch.setattr(loop, "advance", script.breaks(advance))
    state = start(run_spec(plan()), BEGAN.mono)
    try:
        return script, script.run(state, OPENING.world(BEGAN.mono), lambda one: answers(one, kind))
    except Defect as defect:
        return script, defect


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("kind", AFTER)
def test_a_run_comes_to_its_own_ending_whatever_raises_and_when(
    kind: str, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = 0
    for at in CALLS:
        with monkeypatch.context() as patch:
            script, ending = run(kind, port, at, patch)
        if not script.fails.failed:
            break
        reached += 1
        if isinstance(ending, Defect):
            assert script.asked.names == [], "a defect ends a run as an error only before its first write"
            continue
        assert ending.outcome in FINE, (at, ending)
        if kind == "bad" and WriteName.CUTOVER in script.asked.names:
            assert WriteName.RESTORE in script.asked_for, (at, script.asked_for)
        if ending.outcome is Outcome.PROMOTED:
            assert kind == "good"
    assert reached or (kind, port) == ("good", "begin_collect"), "a good run asks for no evidence"
