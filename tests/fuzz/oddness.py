"""Ways to make objects of Kubernetes odd."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from cutover.core.base.documents import mapping

ODD: Final[tuple[Any, ...]] = (
    *(None, 0, -1, 1, 70_000, 10**30, 10**400, -(10**400), 1.5, float("nan"), float("inf"), 1e308, True, False),
    *("", "x", "x" * 10_000, "\ud800", "\0", "a\nb", "100%", "-5%", "1000000%", "%", "9" * 400, "$(A)$(B)$$(C)"),
    *([], {}, [1], [None], ["a"], [{}], [[]], {"a": 1}, {"": None}, {"name": "x"}, {"name": {}}, [{"name": 1}]),
    *([{"name": "app"}, {"name": "app"}], [{"name": "A"}, {"name": "A", "value": "y"}, 7, {"value": "z"}]),
    *([{"setWeight": "20"}, 5, {"pause": []}, {"pause": {"duration": "x"}}], {"valueFrom": {"secretKeyRef": []}}),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-02-30", {"a": {"b": {"c": [[[[{}]]]]}}}),
)


def odd(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """The objects with one to four parts gone, or something else, or with something more in them."""
    copied = copy.deepcopy(document)
    for _ in range(random.randint(1, 4)):
        # Most of it is about the Rollout itself: the rest is large, and little of it is looked at.
        itself = mapping(copied, "rollout")
        home, key = random.choice(list(places(itself if itself and random.random() < _ITSELF else copied)))
        way = random.random()
        if way < _GONE and isinstance(home, dict):
            del home[key]
        elif way < _MORE and isinstance(home, dict):
            home[random.choice(_FIELDS)] = copy.deepcopy(random.choice(ODD))
        else:
            home[key] = copy.deepcopy(random.choice(ODD))
    return copied


_ITSELF: Final = 0.7
_GONE: Final = 0.25
_MORE: Final = 0.35
_FIELDS: Final = (
    *(
        "",
        "a/b~c",
        "x" * 10_000,
        "name",
        "env",
        "envFrom",
        "valueFrom",
        "replicas",
        "status",
        "workloadRef",
        "template",
    ),
    *("blueGreen", "trafficRouting", "steps", "maxSurge", "maxUnavailable", "paused", "rollbackWindow", "restartAt"),
    *("readinessProbe", "startupProbe", "livenessProbe", "initContainers", "ownerReferences", "managedFields"),
    *("annotations", "deletionTimestamp", "analysis", "volumes", "lifecycle", "command", "minReadySeconds"),
    *("progressDeadlineSeconds", "abortScaleDownDelaySeconds", "dynamicStableScale", "scopes", "matchExpressions"),
)


def places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every part of a document, by what holds it and where."""
    for key, value in list(document.items() if isinstance(document, dict) else enumerate(document)):
        yield document, key
        if isinstance(value, dict | list):
            yield from places(value)
