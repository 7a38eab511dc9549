"""Plays that are recorded while they are played, as `adapters.recording_writer` records a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest import mock

from cutover.core.base.redaction import Redactor
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import State
from cutover.core.engine.step import Advanced, advance
from cutover.core.objects.world import World
from cutover.core.recording.line_texts import ended, first_line, last_line, line_of
from tests.core.engine.play import Play

REDACTOR = Redactor(b"a key of this run")


@dataclass
class PlayRecorder:
    """The lines of one play."""

    redactor: Redactor = REDACTOR
    lines: list[str] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)
    begun: list[State] = field(default_factory=list)

    def advance(self, state: State, observation: Observation) -> Advanced:
        """The machine's own step, recorded; a machine that is over is not shown anything by a real run."""
        if not self.lines:
            self.begun.append(state)
            self.lines.append(first_line(state, self.redactor))
        before = self.seen[-1].world if self.seen else World()
        self.lines.append(line_of(observation, before, self.redactor))
        self.seen.append(observation)
        return advance(state, observation)

    def ends(self, play: Play) -> list[str]:
        """All lines, the last one too."""
        last = ended(play.decision.ending, play.sent)
        return [*self.lines, last_line(last, self.redactor)]


@contextmanager
def recording(redactor: Redactor = REDACTOR) -> Iterator[PlayRecorder]:
    """Whatever is played meanwhile is recorded."""
    recorder = PlayRecorder(redactor)
    with mock.patch("tests.core.engine.play.advance", recorder.advance):
        yield recorder
