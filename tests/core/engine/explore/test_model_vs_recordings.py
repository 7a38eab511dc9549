"""The model's moves against the real controller: everything that it was recorded to do, the model can do.

`record.py` made the recordings. A version of the Rollout may be several of the model's moves away from the one before
it, because the controller writes some things together: up to `TOGETHER` that can be seen.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.core.engine.explore.brain import OPENING
from tests.core.engine.explore.controller import natural
from tests.core.engine.explore.disturbance import by_controller, by_people
from tests.core.engine.explore.place import Place
from tests.core.engine.stage import BASE, NEW
from tests.core.engine.worlds import STEPS

FOLDER: Final = Path(__file__).parents[3] / "recordings" / "controller"
RECORDINGS: Final = sorted(FOLDER.glob("*.json"))
TOGETHER: Final = 2
UNSEEN: Final = 6
"""Moves in a row that no version of the Rollout shows: pods, ReplicaSets."""

TEMPLATES: Final = {"before": "base", "after": "new", "others": "other"}
HASHES: Final = {BASE: "base", NEW: "new"}


def projection(place: Place) -> dict[str, Any]:
    """What a recording keeps of a Rollout."""
    seen = place.seen
    return {
        "template": TEMPLATES[seen.template],
        "current": HASHES.get(seen.current, "other"),
        "stable": HASHES.get(seen.stable, "other"),
        "step": seen.step,
        "pauses": list(seen.pauses),
        "controllerPause": place.pausing,
        "abort": seen.abort,
        "acknowledged": seen.acknowledged,
        "promoteFull": seen.promote_full,
        "phase": seen.phase,
        "observed": seen.observed >= seen.generation,
        "paused": seen.paused,
    }


def test_there_are_recordings_of_every_story() -> None:
    assert {"good", "abort", "abort_before_adoption", "third_revision", "invalid_spec"} <= {
        found.stem for found in RECORDINGS
    }


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda found: found.stem)
def test_the_model_can_do_what_the_controller_did(recording: Path) -> None:
    told = json.loads(recording.read_text(encoding="utf-8"))
    assert told["steps"] == list(STEPS)
    first, *others = told["seen"]
    assert projection(OPENING) == first
    places = {OPENING}
    for number, version in enumerate(others, start=1):
        places = followed(places, version)
        assert places, f"version {number} of {recording.stem} is more than {TOGETHER} moves of the model away"


def followed(places: set[Place], version: dict[str, Any]) -> set[Place]:
    """Where the model may stand when it shows this version next."""
    edge, found = dict.fromkeys(places, 0), set[Place]()
    known = set(edge)
    for _ in range(UNSEEN):
        reached = [step for place, told in edge.items() for step in _next(place, told, version)]
        edge = {to: told for to, told in reached if to not in known}
        known |= set(edge)
        found |= {place for place in edge if projection(place) == version}
    return found


def _next(place: Place, told: int, version: dict[str, Any]) -> list[tuple[Place, int]]:
    """The places one move away, and how many of the moves so far can be seen."""
    shown = projection(place)
    ours = ("our own abort", place.but(abort=True, promote_full=False))
    people = tuple(move for move in (*by_people(place), ours) if _leads_there(shown, move[1], version))
    moves = (*natural(place), *people, *by_controller(place))
    after = [(to, told + (projection(to) != shown)) for _, to in moves]
    return [(to, visible) for to, visible in after if visible <= TOGETHER]


def _leads_there(shown: dict[str, Any], to: Place, version: dict[str, Any]) -> bool:
    """Whether what a person changed is what the version shows: people do not do and undo within one version."""
    if to.seen.gone or to.seen.uid != OPENING.seen.uid or to.seen.strategy or to.seen.replicas != OPENING.seen.replicas:
        return False
    changed = {name for name, value in projection(to).items() if value != shown[name]} - {"observed"}
    return bool(changed) and all(projection(to)[name] == version[name] for name in changed)


def test_an_invented_version_is_not_followed() -> None:
    """Positive control: the model cannot do just anything within so few moves."""
    promoted = projection(OPENING) | {"stable": "new", "current": "new", "template": "new"}
    assert not followed({OPENING}, promoted)
