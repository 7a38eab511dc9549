"""Any observation: a world that need not make sense, with any answers, wishes, looks, evidence and lock."""

from typing import Final, TypeVar

from hypothesis import strategies as st

from cutover.core.base.instants import Instant
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.engine.observation import Evidence, EvidenceKind, FreshRead, Observation, OperatorRequest
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.meta import Meta
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.world import World
from cutover.core.writes.lock_state import HELD, UNSURE, Lock, Overdue, TakenOver
from cutover.core.writes.write import Accepted, Answer, Refused, StoredObject, Unclear, Unseen, Write, WriteName
from tests.core.engine import worlds
from tests.core.engine.stage import TARGET
from tests.core.engine.worlds import FIELDS, SeenWorld

T = TypeVar("T")

WORDS: Final = st.sampled_from(["", "no", "slow answer", "zwei\nZeilen, größer", 'a "quoted" \\ one'])
MOMENTS: Final = st.floats(0.0, 1e9)
LEASE: Final = LeaseView(Meta("uid-lease", "cutover", "payments", labels={"app": "x"}), "me", 30, "now", 2)
DOWN: Final = ReadFailed("rollout/payments", "no connection")


def observations() -> st.SearchStrategy[Observation]:
    """Anything that a run may be shown at one instant."""
    return st.builds(
        Observation,
        st.builds(Instant, MOMENTS, MOMENTS),
        any_world(),
        _some(answers()),
        _some(st.sampled_from(OperatorRequest)),
        _some(st.builds(FreshRead, any_world() | st.just(DOWN), st.builds(Instant, MOMENTS, MOMENTS))),
        _some(st.builds(Evidence, st.sampled_from(EvidenceKind), WORDS, WORDS, WORDS, WORDS)),
        locks(),
    )


@st.composite
def any_world(draw: st.DrawFn) -> World:
    """Any world; of some kinds nothing was ever heard, and some streams are broken."""
    known, lost = draw(st.frozensets(st.sampled_from(WATCHED))), draw(st.frozensets(st.sampled_from(WATCHED)))
    seen = draw(st.builds(SeenWorld, **FIELDS))
    world = worlds.world(seen, {kind: draw(MOMENTS) for kind in WATCHED if kind in known})
    return World(world.objects, world.seen, {kind: draw(WORDS) for kind in WATCHED if kind in lost})


def answers() -> st.SearchStrategy[Answer]:
    """An answer to any write, whatever a read found by then."""
    write = st.builds(_write, st.sampled_from(WriteName), WORDS, st.sampled_from(Resource))
    shown: st.SearchStrategy[StoredObject] = st.builds(SeenWorld, **FIELDS).map(worlds.rollout)
    found = shown | st.sampled_from([NotFound("rollout/payments"), Unseen(), LEASE])
    stored = st.builds(Accepted, write, found, st.booleans())
    refused = st.builds(Refused, write, st.integers(400, 599), WORDS, found | st.just(DOWN))
    return stored | refused | st.builds(Unclear, write, WORDS, found | st.just(DOWN))


def locks() -> st.SearchStrategy[Lock]:
    """However the lock stands."""
    plain: st.SearchStrategy[Lock] = st.sampled_from([HELD, UNSURE])
    return plain | st.builds(Overdue, WORDS) | st.builds(TakenOver, WORDS)


def _write(name: WriteName, occasion: str, resource: Resource) -> Write:
    """A write as far as a recording keeps it."""
    return Write(name, f"say {name.value}", TARGET, (), lambda _: True, occasion=occasion, resource=resource)


def _some(of: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, max_size=2).map(tuple)
