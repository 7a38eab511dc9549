"""Scripted ports of the loop: they say what the test wrote down, compute nothing, and keep what they were asked."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import Final

from cutover.core.base.instants import Instant
from cutover.core.base.outcomes import Ending
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import WATCHED
from cutover.core.engine.decision import CollectEvidence
from cutover.core.engine.observation import FreshRead, Observation
from cutover.core.engine.state import State
from cutover.core.objects.read_results import ReadFailed
from cutover.core.objects.world import World
from cutover.core.writes.lock_state import HELD, Lock
from cutover.core.writes.write import Accepted, Answer, Unclear, Write, WriteName
from cutover.runtime.loop import LoopPorts, News, drive
from cutover.runtime.record import Record
from tests.core.engine.play import applied
from tests.core.engine.stage import ClusterStage

BEGAN: Final = Instant(1000.0, 1_795_000_000.0)


class MovedClock:
    """A clock that only the test moves."""

    def __init__(self, began: Instant = BEGAN) -> None:
        self.now = began

    def __call__(self) -> Instant:
        return self.now

    def goes_on(self, seconds: float) -> None:
        self.now = Instant(self.now.mono + seconds, self.now.utc + seconds)


@dataclass
class AskedPorts:
    """The ports for writes, reads and questions: each keeps what the loop asked of it, in one list."""

    everything: list[object] = field(default_factory=list)
    worlds: list[World] = field(default_factory=list)

    def begin(self, write: Write) -> None:
        self.everything.append(write)

    def perform(self, write: Write) -> Answer:
        self.everything.append(("performed", write.name))
        return Unclear(write, "nobody answers", ReadFailed("rollout/payments", "nobody answers"))

    def begin_fresh_read(self) -> None:
        self.everything.append("read all")

    def begin_collect(self, ask: CollectEvidence, world: World) -> None:
        self.everything.append(ask)
        self.worlds.append(world)

    def ask_person(self) -> None:
        self.everything.append("question")

    @property
    def writes(self) -> list[Write]:
        return [each for each in self.everything if isinstance(each, Write)]

    @property
    def names(self) -> list[WriteName]:
        return [write.name for write in self.writes]


Story = Callable[["Script"], Iterator[Iterable[News]]]


class StoryOver(Exception):  # noqa: N818 -- where the run does not end with the story, this ends the test of it
    """The story is over while the loop goes on."""


class ScriptedMailbox(SimpleQueue[News]):
    """A mailbox that gets the next round of the story, all of it at once, whenever the loop begins to wait."""

    def __init__(self, rounds: Iterator[Iterable[News]]) -> None:
        self._rounds = rounds
        self.waits: list[float | None] = []

    def get(self, block: bool = True, timeout: float | None = None) -> News:  # noqa: ARG002, FBT001, FBT002 -- its base's
        self.waits.append(timeout)
        news = next(self._rounds, None)
        if news is None:
            raise StoryOver
        for each in news:
            self.put(each)
        return super().get(block=False)


class Script:
    """One run of the loop, and its story: what happens each time that the loop waits."""

    def __init__(self, began: Instant = BEGAN) -> None:
        self.clock = MovedClock(began)
        self.asked = AskedPorts()
        self.record = Record(Redactor(b"k" * 32), self.clock, self.clock())
        self.lock: Lock = HELD
        self.observations: list[Observation] = []
        self.defects: list[BaseException] = []
        self.waits: list[float | None] = []

    def run(self, state: State, world: World, story: Story) -> Ending:
        """Drive the loop through the story to its ending; raise `StoryOver` where it goes on."""
        mailbox = ScriptedMailbox(story(self))
        self.waits = mailbox.waits
        return drive(state, world, self.ports_of(mailbox))

    def ports_of(self, mailbox: ScriptedMailbox) -> LoopPorts:
        """The ports that the loop gets."""
        return LoopPorts(
            mailbox=mailbox,
            record=self.record,
            performer=self.asked,
            reads=self.asked,
            clock=self.clock,
            ask_person=self.asked.ask_person,
            note_defect=self.defects.append,
            lock=lambda: self.lock,
            see=self.observations.append,
        )

    # -- rounds ----------------------------------------------------------------------------------------------------

    def seen(self, stage: ClusterStage, after: float = 0.01) -> Iterable[News]:
        """The watch shows the cluster as this stage."""
        self.clock.goes_on(after)
        return [stage.listed(kind, self.clock().mono) for kind in WATCHED]

    def stored(self, stage: ClusterStage) -> tuple[ClusterStage, Iterable[News]]:
        """The last write is done: the stage with what it left, and the round that tells of it."""
        write = self.asked.writes[-1]
        left = replace(stage, rollout=applied(stage.rollout, write))
        return left, [Accepted(write, left.view()), *self.seen(left)]

    def read(self, stage: ClusterStage) -> Iterable[News]:
        """The fresh read shows this stage."""
        at = self.clock()
        return [*self.seen(stage), FreshRead(stage.world(at.mono), at)]

    def waited(self, seconds: float) -> Iterable[News]:
        """Time passes, and no news come."""
        self.clock.goes_on(seconds)
        return []
