"""The kinds of canary step, the length of a pause, and what Argo calls an invalid step.

A Rollout with an invalid step is InvalidSpec, and its controller does nothing more with it.
The controller alone judges this, seconds after the API server has taken the spec. Source: argo-rollouts v1.10.1
`pkg/apis/rollouts/validation/validation.go: ValidateRolloutStrategyCanary`, for a canary without a traffic router.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from math import trunc
from types import MappingProxyType
from typing import Any, Final

from cutover.core.base.documents import Json, at, whole
from cutover.core.base.units import go_duration
from cutover.core.objects.canary_replicas import FULL


class StepKind(StrEnum):
    """The kinds of step (argo-rollouts v1.10.1 `CanaryStep`), as the Rollout spells them."""

    SET_WEIGHT = "setWeight"
    PAUSE = "pause"
    ANALYSIS = "analysis"
    EXPERIMENT = "experiment"
    SET_CANARY_SCALE = "setCanaryScale"
    SET_HEADER_ROUTE = "setHeaderRoute"
    SET_MIRROR_ROUTE = "setMirrorRoute"
    PLUGIN = "plugin"


def step_kind(step: Json) -> StepKind | None:
    """Return the kind of a step; None if it has none. An empty object (`pause: {}`) counts, `null` does not."""
    return next((kind for kind in StepKind if at(step, kind.value) is not None), None)


WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
"""How Argo and Kubernetes spell a whole number in a string."""

INVALID_PAUSE: Final = -1
"""The seconds that Argo reads in an invalid pause (`RolloutPause.DurationSeconds`); such a Rollout is InvalidSpec."""


def pause_seconds(length: Any) -> int:
    """Return the seconds of `pause.duration`: a number, a number in a string, or a Go duration; 0 if it is absent."""
    if not isinstance(length, str):
        return 0 if length is None else whole(length, default=INVALID_PAUSE)
    if WHOLE_NUMBER.fullmatch(length):
        return int(length)
    duration = go_duration(length)
    return INVALID_PAUSE if duration is None else trunc(duration)


_ONE_OF: Final = (StepKind.SET_WEIGHT, StepKind.PAUSE, StepKind.EXPERIMENT, StepKind.ANALYSIS)
"""The kinds of which a step may have one only; the others Argo lets stand beside each other
(`hasMultipleStepsType`).
"""

_ROUTED: Final = (StepKind.SET_CANARY_SCALE, StepKind.SET_HEADER_ROUTE, StepKind.SET_MIRROR_ROUTE)
"""The kinds that need a traffic router."""


def invalid_because(step: Json) -> str:
    """Return why Argo calls a step invalid, in a few words; the empty string if it does not."""
    kinds = [kind for kind in StepKind if at(step, kind.value) is not None]
    if not kinds:
        return "it has none of the kinds of step" + _named(step)
    several = [kind.value for kind in kinds if kind in _ONE_OF]
    if len(several) > 1:
        return f"it is {' and '.join(several)} at once"
    return next((problem for kind in kinds if (problem := _PROBLEMS.get(kind, _none)(step))), "")


def _named(step: Json) -> str:
    """Say what stands there instead: a `pause` without a value is none, it takes `{}`."""
    return f": {', '.join(step)} is null" if step else ""


def _none(_: Json) -> str:
    return ""


def _weight(step: Json) -> str:
    weight = whole(step, "setWeight")
    return "" if 0 <= weight <= FULL else f"setWeight is {weight}, not between 0 and {FULL}"


def _pause(step: Json) -> str:
    duration = at(step, "pause", "duration")
    return "" if pause_seconds(duration) >= 0 else f"pause.duration is {duration}, no length such as 30s, 5m or 1h"


def _needs_router(step: Json) -> str:
    kinds = ", ".join(kind.value for kind in _ROUTED if at(step, kind.value) is not None)
    return f"{kinds} needs a traffic router, and there is none"


_PROBLEMS: Final[Mapping[StepKind, Callable[[Json], str]]] = MappingProxyType(
    {StepKind.SET_WEIGHT: _weight, StepKind.PAUSE: _pause, **dict.fromkeys(_ROUTED, _needs_router)}
)
