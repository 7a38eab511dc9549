"""Whatever the live objects look like: a diff with findings, or an error; never anything else, and at once."""

import copy
import os
import time
from random import Random
from typing import Any, Final

import pytest

from cutover.core.errors import CutoverError
from cutover.core.plan.load import load
from cutover.core.target import Target
from cutover.core.views.config import config_read
from cutover.core.views.pod import pod_view
from cutover.core.views.replicaset import replicaset_view
from cutover.core.views.rollout import rollout_view
from cutover.core.views.service import service_view
from cutover.core.world import Snapshot
from cutover.render import diff_json, diff_markdown, diff_patches, diff_text
from cutover.run.judging import judged_on
from cutover.run.loading import Loaded
from cutover.run.reviewing import shown
from tests.core.checks.documents import ROLLOUT
from tests.core.machine.stage import opening

pytestmark = pytest.mark.uncovered

WHOLE: Final = bool(os.environ.get("CUTOVER_WHOLE"))
PARTS: Final = 4
EACH: Final = 2500 if WHOLE else 60
SOON: Final = 2.0

TEXT: Final = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata: {name: a}
spec:
  target: {app: payments}
  changes:
    - env: {name: A, value: "x", container: app}
    - database: {engine: postgres, env: DATABASE_URL, container: app, to: {value: db-b}, dataRelation: same}
    - configMap: {name: c, set: {a.b: "1"}, remove: [z]}
    - patch: [{op: add, path: /spec/template/spec/hostNetwork, value: false}]
"""
LOADED: Final = Loaded(load(TEXT, "plan.yaml"), TEXT)

ODD: Final[tuple[Any, ...]] = (
    *(None, 0, -1, 1, 10**30, 1.5, True, False, "", "x", "x" * 10_000, [], {}, [1], [None], ["a"], [{}]),
    *([{"name": 1}], [{"name": "app"}, {"name": "app"}], {"a": 1}, {"name": "x"}, "50%", "-5%", "1000000%"),
)
SERVICE: Final = {"metadata": {"name": "s", "uid": "u"}, "spec": {"selector": {"app": "payments"}}}
CONFIG: Final = {"metadata": {"name": "c"}, "data": {"a.b": "0"}}


def rollout(variables: int = 0) -> dict[str, Any]:
    """The usual Rollout, with every way of referring to something."""
    document: dict[str, Any] = copy.deepcopy(dict(ROLLOUT))
    spec = document["spec"]["template"]["spec"]
    app = spec["containers"][0]
    app["envFrom"] = [{"configMapRef": {"name": "c"}}]
    app["env"] += [{"name": "REF", "value": "$(DATABASE_URL)"}]
    app["env"] += [{"name": f"V{number}", "value": "x" * 60} for number in range(variables)]
    spec["volumes"] = [{"name": "v", "projected": {"sources": [{"secret": {"name": "payments-db-a"}}]}}]
    return document


def odd(document: Any, random: Random) -> Any:
    """The document with one to four parts gone, or something else."""
    copied = copy.deepcopy(document)
    for _ in range(random.randint(1, 4)):
        there = list(places(copied))
        if not there:
            break
        home, key = random.choice(there)
        if random.random() < 1 / 3 and isinstance(home, dict):
            del home[key]
        else:
            home[key] = copy.deepcopy(random.choice(ODD))
    return copied


def places(document: Any) -> Any:
    """Every part of a document, by what holds it and where."""
    members = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in members:
        yield document, key
        if isinstance(value, dict | list):
            yield from places(value)


def shown_in_every_way(snapshot: Snapshot) -> str:
    diff = shown(judged_on(snapshot, LOADED, {}, "suffix"))
    renderers = (diff_text.diff_text, diff_json.diff_json, diff_markdown.diff_markdown, diff_patches.diff_yaml)
    return "".join(render(diff) for render in renderers)


def snapshot_of(live: Any, random: Random) -> Snapshot:
    """Objects of which some are odd."""
    stage = opening()

    def perhaps(document: Any) -> Any:
        return odd(document, random) if random.random() < 1 / 4 else document

    return Snapshot(
        Target("payments", "payments", "payments"),
        rollout_view(live),
        tuple(replicaset_view(perhaps(each)) for each in stage.replicasets.values()),
        tuple(pod_view(perhaps(each)) for each in stage.pods.values()),
        (service_view(perhaps(SERVICE)),),
        {("ConfigMap", "c"): config_read("ConfigMap", perhaps(CONFIG))},
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_odd_objects_end_in_a_diff_or_an_error_and_in_no_bug(part: int) -> None:
    random = Random(part)  # noqa: S311 -- no secret
    for _ in range(EACH):
        live = odd(rollout(), random)
        began, told = time.perf_counter(), said(live, random)
        assert "a bug in cutover" not in told, live
        assert told
        assert time.perf_counter() - began < SOON, live


def said(live: Any, random: Random) -> str:
    """What is shown of the plan on such objects, or the error."""
    try:
        return shown_in_every_way(snapshot_of(live, random))
    except CutoverError as error:
        return str(error)


def test_a_template_of_a_megabyte_is_shown_and_takes_no_time_that_grows_with_its_square() -> None:
    spent = []
    for variables in (500, 4000):
        snapshot = snapshot_of(rollout(variables), Random(99))  # noqa: S311 -- no secret
        began = time.process_time()
        assert shown_in_every_way(snapshot)
        spent.append(time.process_time() - began)
    assert spent[1] < 20 * spent[0]
