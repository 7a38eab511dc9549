"""Records what the real controller does in a handful of stories, for `test_model_vs_recordings`.

    python -m tests.core.engine.explore.record [STORY …]      against the bed that runs (`make cluster`)

Of every version of the Rollout that the API server ever had in a story, a recording keeps what the model knows of it,
with its hashes named: `base` is T0's, `new` the first other one, `other` any further.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.cluster import facts
from tests.cluster import facts_seen as seen
from tests.cluster.bed import Bed
from tests.conftest import namespace_for
from tests.core.engine.explore.stories import STORIES
from tests.core.engine.worlds import STEPS
from tests.e2e.arena import Arena

FOLDER: Final = Path(__file__).parents[3] / "recordings" / "controller"


def record(arena: Arena, story: Callable[[Arena], None]) -> list[dict[str, Any]]:
    """What the model knows of each version of the Rollout while the story went on."""
    facts.deploy(arena, 2, steps=list(STEPS))
    first, tape = arena.rollout(), seen.Tape.from_now(arena)
    story(arena)
    last = arena.rollout()["metadata"]["resourceVersion"]
    versions = [first, *tape.rollouts(lambda found: found["metadata"]["resourceVersion"] == last)]
    names = Names(first)
    said = [names.projection(version) for version in versions]
    return [now for before, now in zip([{}, *said], said, strict=False) if now != before]


class Names:
    """The names of hashes and templates, in the order in which they come."""

    def __init__(self, first: Any) -> None:
        self._hashes: list[str] = [first["status"]["stableRS"]]
        self._templates: list[Any] = [first["spec"]["template"]]

    def projection(self, rollout: Any) -> dict[str, Any]:
        """What the model knows of a Rollout."""
        spec, status = rollout["spec"], rollout["status"]
        return {
            "template": _name(self._templates, spec["template"]),
            "current": _name(self._hashes, status["currentPodHash"]),
            "stable": _name(self._hashes, status["stableRS"]),
            "step": status.get("currentStepIndex", 0),
            "pauses": [pause["reason"] for pause in status.get("pauseConditions", [])],
            "controllerPause": status.get("controllerPause", False),
            "abort": status.get("abort", False),
            "acknowledged": "abortedAt" in status,
            "promoteFull": status.get("promoteFull", False),
            "phase": status["phase"],
            "observed": seen.observed(rollout),
            "paused": spec.get("paused", False),
        }


def _name(known: list[Any], found: Any) -> str:
    if found not in known:
        known.append(found)
    return ("base", "new", "other")[known.index(found)]


@contextmanager
def _arena(bed: Bed, name: str) -> Iterator[Arena]:
    with tempfile.TemporaryDirectory() as folder:
        arena = Arena(bed, namespace_for(f"record_{name}"), Path(folder))
        try:
            yield arena
        finally:
            arena.kubectl("delete", "namespace", arena.namespace, "--ignore-not-found", "--wait=false")


def main(wanted: list[str]) -> None:
    """Record the stories of these names, or all."""
    bed = Bed.current()
    FOLDER.mkdir(exist_ok=True)
    for story in STORIES:
        if wanted and story.__name__ not in wanted:
            continue
        with _arena(bed, story.__name__) as arena:
            write(story.__name__, record(arena, story))


def write(name: str, versions: Sequence[Mapping[str, Any]]) -> None:
    """One recording, one line for each version."""
    lines = ",\n".join(f"  {json.dumps(version)}" for version in versions)
    head = f' "controller": "argo-rollouts v1.10.1",\n "steps": {json.dumps(list(STEPS))},'
    text = f'{{\n{head}\n "seen": [\n{lines}\n ]\n}}\n'
    (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
    print(f"{name}: {len(versions)} versions")


if __name__ == "__main__":
    main(sys.argv[1:])
