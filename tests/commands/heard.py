"""A recorder that keeps all that a run tells it, and lets a test wait for what the engine is shown."""

from collections.abc import Callable, Iterator
from threading import Condition

from cutover.core.base.outcomes import Ending
from cutover.core.base.redaction import Redactor
from cutover.core.base.resources import Resource
from cutover.core.engine.observation import Observation
from cutover.core.engine.state import State
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.write import Write
from tests.commands.api import PLANTED
from tests.core.engine.stage import NEW


class Heard:
    """Keeps what it is told, in order; the redactor that a run begins with has to know the Secrets."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.seen: list[Observation] = []
        self.state: State | None = None
        self.ending: Ending | None = None
        self._news = Condition()

    def begin(self, state: State, redactor: Redactor) -> None:
        assert redactor.text(PLANTED) != PLANTED
        self.told.append(f"begin {state.phase}")
        self.state = state

    def see(self, observation: Observation) -> None:
        self.told.append("see")
        self.told += [f"answer {answer.write.name}" for answer in observation.answers]
        with self._news:
            self.seen.append(observation)
            self._news.notify_all()

    def sent(self, write: Write) -> None:
        self.told.append(f"sent {write.name}")

    def end(self, ending: Ending) -> None:
        self.told.append("end")
        self.ending = ending

    @property
    def limits(self) -> tuple[float, bool]:
        """The time limit of the whole run that began, and whether it watches on at a pause."""
        assert self.state is not None
        return self.state.run_spec.deadlines.timeout, self.state.run_spec.follow

    @property
    def sent_writes(self) -> list[str]:
        """The names of the writes that the engine sent, in their order."""
        return [line.removeprefix("sent ") for line in self.told if line.startswith("sent ")]

    def awaits(self, wanted: Callable[[Observation], bool]) -> None:
        """Wait until the engine is shown such an observation."""
        with self._news:
            assert self._news.wait_for(lambda: any(map(wanted, self.seen)), timeout=10), "the engine was not shown that"

    def awaits_silence(self) -> None:
        """Wait until the engine has been shown nothing for a tenth of a second."""
        with self._news:
            while self._news.wait(timeout=0.1):
                pass


def is_adopted(observation: Observation) -> bool:
    """Whether the engine is shown that the controller took the plan up."""
    return any(rollout.status.current_pod_hash == NEW for rollout in rollouts(observation))


def rollouts(observation: Observation) -> Iterator[RolloutView]:
    """The Rollouts that the engine is shown."""
    views = observation.world.objects[Resource.ROLLOUT].values()
    return (view for view in views if isinstance(view, RolloutView))
