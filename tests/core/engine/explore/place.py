"""What stands in the cluster, as the exploration models it, and what the API server makes of a write.

A place is `worlds.SeenWorld` and the little that it leaves out. A write is judged by its own `test` operations on the
place as a document: one whose guards do not hold is refused, never applied.
"""

import copy
import json
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, Final

import jsonpatch

from cutover.core.base.documents import Json
from cutover.core.base.resources import WATCHED, Resource
from cutover.core.objects.rollout import RolloutView, rollout_view
from cutover.core.objects.world import World
from cutover.core.writes.write import Write
from tests.core.engine import worlds
from tests.core.engine.play import BEGAN
from tests.core.engine.worlds import SeenWorld

KEPT: Final = ("progressDeadlineSeconds", "progressDeadlineAbort")
"""Fields of the spec that a run may arm; nothing in the model depends on them."""


@dataclass(frozen=True)
class Place:
    """`pausing` is `status.controllerPause`; `take` counts how often the steps began; `kept` is what we wrote else."""

    seen: SeenWorld = field(default_factory=SeenWorld)
    pausing: bool = False
    take: int = 0
    kept: str = "{}"
    digest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hash((self.seen, self.pausing, self.take, self.kept)))

    def __hash__(self) -> int:
        return self.digest

    def but(self, **changes: Any) -> "Place":
        """The place with these fields of what is seen changed."""
        return replace(self, seen=replace(self.seen, **changes))

    def written(self, **changes: Any) -> "Place":
        """The same for the spec: it has a new generation."""
        return self.but(generation=self.seen.generation + 1, **changes)


@cache
def view(place: Place) -> RolloutView:
    """The Rollout of the place."""
    plain = worlds.rollout(place.seen)
    pauses = tuple(replace(pause, started=f"{pause.started[:-3]}{place.take:02}Z") for pause in plain.status.pauses)
    meta = replace(plain.meta, annotations={**plain.meta.annotations, **json.loads(place.kept).get("annotations", {})})
    return replace(
        plain, meta=meta, status=replace(plain.status, pauses=pauses, controller_pause=place.pausing), **_armed(place)
    )


def _armed(place: Place) -> dict[str, Any]:
    """What a view reads out of the fields that we armed."""
    armed = {name: value for name, value in json.loads(place.kept).items() if name in KEPT}
    plain, read = rollout_view({}), rollout_view({"spec": armed})
    names = (field.name for field in fields(RolloutView))
    return {name: getattr(read, name) for name in names if getattr(read, name) != getattr(plain, name)}


@cache
def world(place: Place) -> World:
    """The world of the place, all of it true at `BEGAN`."""
    plain = worlds.world(place.seen, dict.fromkeys(WATCHED, BEGAN))
    if place.seen.gone:
        return plain
    return replace(plain, objects={**plain.objects, Resource.ROLLOUT: {view(place).meta.name: view(place)}})


def document(place: Place) -> dict[str, Any]:
    """The Rollout as the API server holds it, as far as writes look at it or change it."""
    rollout, kept = view(place), json.loads(place.kept)
    status = rollout.status
    pauses = [{"reason": pause.reason, "startTime": pause.started} for pause in status.pauses]
    return {
        "metadata": {"uid": rollout.meta.uid, "annotations": dict(rollout.meta.annotations)},
        "spec": {
            "template": copy.deepcopy(rollout.template),
            "strategy": rollout.strategy,
            "paused": rollout.paused,
            **{name: kept[name] for name in KEPT if name in kept},
        },
        "status": {
            "currentPodHash": status.current_pod_hash,
            "stableRS": status.stable_rs,
            "currentStepIndex": status.step_index,
            **({"pauseConditions": pauses} if pauses else {}),
            **({"abort": True} if status.abort else {}),
            **({"promoteFull": True} if status.promote_full else {}),
        },
    }


def served(write: Write, place: Place) -> tuple[Place, ...]:
    """The place after the write; empty where it is refused."""
    if place.seen.gone:
        return ()
    before, after = document(place), document(place)
    for operation in write.operations:
        if operation["op"] == "test" and not _holds(after, operation):
            return ()
        if operation["op"] != "test":
            after = jsonpatch.apply_patch(after, [dict(operation)])
    return (_read_back(place, before, after),)


def _holds(document: Json, test: Json) -> bool:
    """To the API server a field that is absent equals null."""
    at: Any = document
    for part in test["path"].split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(at, list):
            at = at[int(key)] if int(key) < len(at) else None
        else:
            at = at.get(key) if isinstance(at, dict) else None
    return bool(at == test["value"])


def _read_back(place: Place, before: Json, after: Json) -> Place:
    (template,) = (name for name, known in worlds.TEMPLATES.items() if known == after["spec"]["template"])
    status = after["status"]
    new = place.but(
        template=template,
        paused=after["spec"].get("paused", False),
        abort=status.get("abort", False),
        promote_full=status.get("promoteFull", False),
        pauses=place.seen.pauses if status.get("pauseConditions") else (),
    )
    new = replace(new, kept=_kept(after))
    return new if before["spec"] == after["spec"] else new.written()


def _kept(after: Json) -> str:
    ours = {key: value for key, value in after["metadata"]["annotations"].items() if key.startswith("cutover.dev/")}
    armed = {name: after["spec"][name] for name in KEPT if name in after["spec"]}
    return json.dumps({**({"annotations": ours} if ours else {}), **armed}, sort_keys=True)
