"""Whatever a run is shown, its recording decides the same: attacks of `tests.core.engine.test_laws`, recorded.

Once as they are, step by step and word by word; and once with a redactor that masks what the machine compares (uids,
hashes, literals, names of Secrets): what it decides must follow from what is equal to what, not from how it is spelt.
"""

from typing import Final
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.outcomes import Ending
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import WATCHED
from cutover.core.base.secret_text import SecretText
from cutover.core.engine.decision import Command
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import State
from cutover.core.engine.step import Advanced, advance
from cutover.core.objects.world import World
from cutover.core.podtemplate.env_source import LiteralValue
from cutover.core.recording.encode import encode
from cutover.core.recording.line_texts import ended, last_line, line_of
from cutover.core.writes.write import Write
from tests.core.checks.documents import ROLLOUT_UID
from tests.core.engine import laws
from tests.core.engine import observations as any_observations
from tests.core.engine.stage import BASE, NEW
from tests.core.engine.test_laws import ATTACK, Attack
from tests.core.recording.recorded_plays import REDACTOR, PlayRecorder
from tests.recordings.replay import first_state, observations, read, recorded, replay
from tests.sampling import WHOLE

RECORDED: Final = settings(ATTACK, max_examples=400 if WHOLE else 25)

COMPARED: Final = (ROLLOUT_UID, BASE, NEW, "payments-db-a", "payments-db-b", "payments:1", "localhost:8080")
"""What the machine compares, and never with a word of its own."""

MASKING: Final = REDACTOR.knowing(map(SecretText, COMPARED))

Told = tuple[list[str], list[str], Ending | None]
"""What a step decides: its facts, its commands (a write by name and occasion), the ending."""


# -- what is decided ---------------------------------------------------------------------------------------------------


class Taped(PlayRecorder):
    """A recorder that keeps what was decided, too."""

    def __init__(self, redactor: Redactor = REDACTOR) -> None:
        super().__init__(redactor)
        self.told: list[Told] = []
        self.sent: list[str] = []

    def advance(self, state: State, observation: Observation) -> Advanced:
        """The machine's own step, recorded."""
        step = super().advance(state, observation)
        self.told.append(told(step))
        self.sent += [command.name.value for command in step[1].commands if isinstance(command, Write)]
        return step

    def whole(self) -> list[str]:
        """All lines, the last one too."""
        return [*self.lines, last_line(ended(self.told[-1][2], self.sent), self.redactor)]


def told(step: Advanced) -> Told:
    """A step, as far as it can be compared: a replayed write has no operations."""
    _, decision = step
    facts = [str(fact) for fact in decision.facts]
    return facts, [_named(command) for command in decision.commands], decision.ending


def _named(command: Command) -> str:
    return f"{command.name} {command.occasion}" if isinstance(command, Write) else str(command)


def attacked(data: st.DataObject, taped: Taped) -> None:
    """A run that is shown anything, recorded until it is over or nothing more comes."""
    with mock.patch("tests.core.engine.test_laws.advance", taped.advance):
        attack = Attack(data)
        for _ in range(data.draw(st.integers(1, 40), "steps")):
            attack.strikes()
            if laws.over(attack.state):
                return
        if attack.sentenced:
            attack.lets_it_end()


@RECORDED
@given(st.data())
def test_whatever_a_run_is_shown_its_recording_decides_the_same_at_every_step(data: st.DataObject) -> None:
    taped = Taped()
    attacked(data, taped)
    documents = read(taped.lines)
    state, replayed = first_state(documents), list[Told]()
    for observation in observations(documents):
        step = advance(state, observation)
        state = step[0]
        replayed.append(told(step))
    assert replayed == taped.told
    assert replay(taped.whole()) == recorded(taped.whole())


@RECORDED
@given(st.data())
def test_masking_what_is_compared_changes_nothing_that_is_decided(data: st.DataObject) -> None:
    taped = Taped(MASKING)
    attacked(data, taped)
    assert not [value for value in COMPARED if value in "\n".join(taped.lines)]
    assert any(value in str(taped.begun) for value in COMPARED), "it was there to be masked"
    assert replay(taped.whole()) == recorded(taped.whole())


def test_a_sealed_value_is_masked_wherever_it_stands_and_not_only_in_an_edit() -> None:
    hidden = LiteralValue(SecretText(f"at {ROLLOUT_UID}"))
    shown = encode(hidden, LiteralValue, MASKING)
    assert ROLLOUT_UID not in str(shown)
    assert ROLLOUT_UID in str(encode(hidden, LiteralValue, REDACTOR)), "it was there to be masked"


# -- what is shown -----------------------------------------------------------------------------------------------------


@RECORDED
@given(st.lists(any_observations.observations(), min_size=1, max_size=4))
def test_anything_that_can_be_shown_is_read_as_it_was(shown: list[Observation]) -> None:
    before = [World(), *(one.world for one in shown)]
    lines = [line_of(one, world, REDACTOR) for one, world in zip(shown, before, strict=False)]
    found = [*observations(read(["{}", *lines]))]
    assert found == shown
    assert [_orders(one.world) for one in found] == [_orders(one.world) for one in shown]


def _orders(world: World) -> list[list[str]]:
    return [list(world.objects.get(kind, ())) for kind in WATCHED]
