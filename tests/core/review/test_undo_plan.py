"""The way back from a run as a plan: what it says, and that it leads back."""

from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.errors import RefusedError, StaleError
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.snapshot import Snapshot
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import EnvChange, ExpectedSource, OneContainer, PatchChange
from cutover.core.plan.load import load
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue
from cutover.core.review.new_plan import NewPlan
from cutover.core.review.undo_plan import undo_plan
from tests.core.checks.documents import GONE, changed, replicaset
from tests.core.podtemplate.documents import config, container, literal, secret, template
from tests.core.review.documents import CONTAINER, ENV, REDACTOR, ground, kept

FIELD = {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}}


def whole(name: str, *env: dict[str, Any], memory: str) -> dict[str, Any]:
    return template(
        container(
            "app",
            *env,
            envFrom=[{"configMapRef": {"name": name}}],
            resources={"limits": {"memory": memory}},
            args=["serve", "--pool", memory],
        ),
        volumes=[{"name": "whole", "configMap": {"name": name}}],
    )


BEFORE = whole(
    "payments-config",
    secret("DATABASE_URL", "payments-db-a", "url"),
    literal("OLD_FLAG", 'one: 1 # "two"\n'),
    config("REGION", "payments-a", "region", optional=True),
    literal("API_MODE", "b"),
    FIELD,
    memory="256Mi",
)
AFTER = whole(
    "payments-config-1f3a",
    secret("DATABASE_URL", "payments-db-b", "url"),
    literal("REGION", "eu"),
    secret("API_MODE", "payments-api", "token"),
    literal("POD_NAME", "fixed"),
    literal("NEW", "1"),
    memory="512Mi",
)
AFTER["spec"]["volumes"].append({"name": "extra", "emptyDir": {}})
PLACES: tuple[tuple[str | int, ...], ...] = (
    (*ENV, "DATABASE_URL"),
    (*ENV, "OLD_FLAG"),
    (*ENV, "REGION"),
    (*ENV, "API_MODE"),
    (*ENV, "POD_NAME"),
    (*ENV, "NEW"),
    (*CONTAINER, "args", 2),
    (*CONTAINER, "envFrom", 0, "configMapRef", "name"),
    (*CONTAINER, "resources", "limits", "memory"),
    ("spec", "volumes", "whole", "configMap", "name"),
    ("spec", "volumes", "extra"),
)

WHOLE = """\
# The way back from run 20261126-134126-9499b1ac (plan payments-to-db-b): what stood on rollout payments/payments in
# context prod before it. Nothing was written to it.
# What users have written since then stays where it was written.
# Have it reviewed, then type:
# - cutover diff undo.yaml (what it changes, and what will happen)
# - cutover apply undo.yaml (writes it, watches it, and goes back if it fails)
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata:
  name: payments-to-db-b-undo
  description: "Undo run 20261126-134126-9499b1ac of plan payments-to-db-b"
spec:
  # The Rollout, and its namespace.
  target:
    app: payments
    context: prod
  # What changes. `from` is what stands there now; should it be something else by then, nothing is written (exit 4).
  changes:
    - env:
        name: DATABASE_URL
        container: app
        secretKeyRef: {name: payments-db-a, key: url}
        from: {secretKeyRef: {name: payments-db-b, key: url}}
    - env:
        name: OLD_FLAG
        container: app
        value: "one: 1 # \\"two\\"\\n"
        from: {absent: true}
    - env:
        name: REGION
        container: app
        configMapKeyRef: {name: payments-a, key: region, optional: true}
        from: {value: "eu"}
    - env:
        name: API_MODE
        container: app
        value: "b"
        from: {secretKeyRef: {name: payments-api, key: token}}
    - env:
        name: NEW
        container: app
        remove: true
        from: {value: "1"}
    # What stood there before, for what no other kind of change covers; `test` is what stands there now.
    - patch:
"""


def undone(ground: Snapshot, *places: tuple[str | int, ...], redactor: Redactor = REDACTOR, **more: Any) -> NewPlan:
    return undo_plan(kept(*places, **more), ground, redactor, "undo.yaml")


def patch_of(made: NewPlan) -> list[tuple[Any, ...]]:
    (patch,) = (change for change in made.plan.changes if isinstance(change, PatchChange))
    return [(one.op, one.path.removeprefix("/spec/template"), *one.value) for one in patch.operations]


def back(before: Any, after: Any, *places: tuple[str | int, ...]) -> Any:
    """What the plan leads to."""
    found = ground(before, after)
    made = undone(found, *places)
    return resolve(made.plan, found.rollout.template, REDACTOR).after


def test_the_whole_text() -> None:
    made = undone(ground(BEFORE, AFTER), *PLACES)
    assert made.text.startswith(WHOLE)
    assert made.text.endswith(
        "  # A plan can say more (pointOfNoReturn, deadman, allow): cutover schema prints every key.\n"
    )
    assert load(made.text, "undo.yaml") == made.plan


def test_what_is_no_variable_goes_back_by_a_guarded_patch() -> None:
    name, app = ("test", "/spec/containers/0/name", "app"), "/spec/containers/0"
    now = {"name": "POD_NAME", "value": "fixed"}
    volume = {"name": "extra", "emptyDir": {}}
    assert patch_of(undone(ground(BEFORE, AFTER), *PLACES)) == [
        name,
        ("test", f"{app}/env/3", now),
        ("replace", f"{app}/env/3", FIELD),
        ("test", f"{app}/args/2", "512Mi"),
        ("replace", f"{app}/args/2", "256Mi"),
        ("test", f"{app}/envFrom/0/configMapRef/name", "payments-config-1f3a"),
        ("replace", f"{app}/envFrom/0/configMapRef/name", "payments-config"),
        ("test", f"{app}/resources/limits/memory", "512Mi"),
        ("replace", f"{app}/resources/limits/memory", "256Mi"),
        ("test", "/spec/volumes/0/name", "whole"),
        ("test", "/spec/volumes/0/configMap/name", "payments-config-1f3a"),
        ("replace", "/spec/volumes/0/configMap/name", "payments-config"),
        ("test", "/spec/volumes/1", volume),
        ("remove", "/spec/volumes/1"),
    ]


def test_the_plan_leads_to_what_stood_there() -> None:
    made = back(BEFORE, AFTER, *PLACES)
    entries = {entry["name"]: entry for entry in made["spec"]["containers"][0].pop("env")}
    before = template(*BEFORE["spec"]["containers"], volumes=BEFORE["spec"]["volumes"])
    old = {**before["spec"]["containers"][0]}
    assert entries == {entry["name"]: entry for entry in old.pop("env")}
    assert made == {**before, "spec": {**before["spec"], "containers": [old]}}


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ({"a": {"emptyDir": {}}, "b": {"emptyDir": {}}}, {"b": {"emptyDir": {}}}, ("spec", "volumes", "a")),
        ({"a": {"emptyDir": {}}}, {}, ("spec", "volumes", "a")),
        ({"a": {"emptyDir": {"sizeLimit": "1Gi"}}}, {"a": {"emptyDir": {}}}, ("spec", "volumes", "a", "emptyDir")),
        ({"a": {"emptyDir": {"sizeLimit": "1Gi"}}}, {"a": {}}, ("spec", "volumes", "a", "emptyDir", "sizeLimit")),
        ({"a": {"secret": {"defaultMode": 256}}}, {"a": {"secret": {}}}, ("spec", "volumes", "a", "secret")),
    ],
    ids=["at the head of a list", "the only one of its list", "a member", "the only member of its mapping", "a number"],
)
def test_what_was_taken_away_comes_back_where_it_was(before: Any, after: Any, place: tuple[str, ...]) -> None:
    one, other = (
        template(container("app"), volumes=[{"name": name, **held} for name, held in volumes.items()])
        for volumes in (before, after)
    )
    if not after:  # as the controller spells it
        del other["spec"]["volumes"]
    assert back(one, other, place) == one


def test_places_that_stand_as_they_were_are_left_alone() -> None:
    memory = "spec.containers.0.resources.limits.memory"
    found = ground(BEFORE, AFTER, live={memory: "0.25Gi"})
    made = undone(found, (*ENV, "NEW"), (*CONTAINER, "resources", "limits", "memory"), facts=[])
    assert made.plan.changes == (
        EnvChange("NEW", None, OneContainer("app"), ExpectedSource(LiteralValue(SecretText("1")))),
    )


@pytest.mark.parametrize("plan", ["p" * 63, "a" * 57 + "-bcdef"])
def test_the_name_of_the_plan_is_a_label(plan: str) -> None:
    made = undone(ground(BEFORE, AFTER), (*ENV, "NEW"), plan={"name": plan})
    assert made.plan.name == f"{plan[:58].strip('-')}-undo"


# -- credentials -------------------------------------------------------------------------------------------------------


def test_a_credential_that_stands_there_now_is_in_no_guard() -> None:
    after = template(container("app", literal("API_TOKEN", "hunter2-hunter2"), args=["--password", "hunter2-hunter3"]))
    before = template(container("app", secret("API_TOKEN", "api", "token"), args=["--verbose"]))
    made = undone(ground(before, after), (*ENV, "API_TOKEN"), (*CONTAINER, "args"))
    assert "hunter2" not in made.text
    assert made.plan.changes[0] == EnvChange("API_TOKEN", FromSecret("api", "token"), OneContainer("app"), None)
    assert patch_of(made) == [
        ("test", "/spec/containers/0/name", "app"),
        ("replace", "/spec/containers/0/args", ["--verbose"]),
    ]
    assert "    # No `from`: what stands there now looks like a credential" in made.text
    assert "    # No `test` of spec.containers[app].args: what stands there now looks like a credential." in made.text


def test_a_null_that_no_plan_can_spell_is_in_no_guard() -> None:
    before, after = (
        template(container("app"), volumes=[{"name": "a", **of}]) for of in ({}, {"emptyDir": {"x": None}})
    )
    made = undone(ground(before, after), ("spec", "volumes", "a", "emptyDir"))
    assert patch_of(made) == [("test", "/spec/volumes/0/name", "a"), ("remove", "/spec/volumes/0/emptyDir")]
    assert "# No `test` of spec.volumes[a].emptyDir: a plan cannot name what stands there now." in made.text


def test_a_credential_that_only_the_flag_before_it_tells_is_refused() -> None:
    before, after = (template(container("app", args=["--password", word])) for word in ("hunter2-hunter2", "another"))
    with pytest.raises(RefusedError, match=r"spec.containers\[app\].args\[1\]: what stood there before the run looks"):
        undone(ground(before, after), (*CONTAINER, "args", 1))


@pytest.mark.parametrize(
    "old",
    [
        template(container("app", literal("API_TOKEN", "hunter2-hunter2"), literal("DB", "postgres://u:hunter2@db/x"))),
        template(container("app", literal("API_TOKEN", "hunter2-hunter2"), literal("DB", "known-to-a-secret"))),
    ],
)
def test_a_credential_that_stood_there_before_is_refused_and_not_repeated(old: Any) -> None:
    new = template(container("app", secret("API_TOKEN", "api", "token"), secret("DB", "api", "url")))
    redactor = REDACTOR.knowing([SecretText("known-to-a-secret")])
    with pytest.raises(RefusedError) as raised:
        undone(ground(old, new), (*ENV, "API_TOKEN"), (*ENV, "DB"), redactor=redactor)
    assert [problem.path for problem in raised.value.problems] == [
        "spec.containers[app].env[API_TOKEN]",
        "spec.containers[app].env[DB]",
    ]
    assert "put it into a Secret" in str(raised.value)
    assert "--set-secret API_TOKEN=SECRET/KEY" in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert "known-to" not in str(raised.value)


# -- what stands against it --------------------------------------------------------------------------------------------


def test_without_the_replicaset_of_the_base_the_old_values_are_gone() -> None:
    with pytest.raises(RefusedError) as raised:
        undone(ground(BEFORE, AFTER), *PLACES, base={"hash": "77f", "revision": "1"})
    assert "the ReplicaSet of the revision before it (77f) is gone" in str(raised.value)
    assert "`cutover init payments --context prod` begins a plan of your own" in str(raised.value)


def test_what_stands_there_again_needs_no_plan() -> None:
    with pytest.raises(RefusedError, match="what stood there before it stands there again"):
        undone(ground(BEFORE, BEFORE), *PLACES)


def test_what_somebody_has_changed_since_is_stale() -> None:
    theirs = {
        "spec.containers.0.env.0.valueFrom.secretKeyRef.name": "theirs",
        "spec.containers.0.env.1": GONE,
        "spec.containers.0.resources.limits.memory": GONE,
        "spec.volumes.0.configMap.name": "theirs",
    }
    with pytest.raises(StaleError) as raised:
        undone(with_another_revision(theirs), *PLACES)
    assert [problem.path for problem in raised.value.problems] == [
        "spec.containers[app].env[DATABASE_URL]",
        "spec.containers[app].env[REGION]",
        "spec.containers[app].resources.limits.memory",
        "spec.volumes[whole].configMap.name",
    ]


def with_another_revision(theirs: Any) -> Snapshot:
    """Somebody has made another revision since; that of the run is there still."""
    found = ground(BEFORE, AFTER, live=theirs)
    status = replace(found.rollout.status, current_pod_hash="6f6f", stable_rs="6f6f")
    newest = replicaset("6f6f", spec__template=changed(AFTER, theirs))
    return replace(found, rollout=replace(found.rollout, status=status), replicasets=(*found.replicasets, newest))


def test_what_the_run_took_away_and_the_api_server_filled_in_is_not_stale() -> None:
    place = ("spec", "terminationGracePeriodSeconds")
    after = template(container("app"))
    del after["spec"]["terminationGracePeriodSeconds"]
    typed = {"spec.terminationGracePeriodSeconds": 30}
    found = ground(template(container("app"), terminationGracePeriodSeconds=60), after, current=typed)
    assert patch_of(undone(found, place)) == [("add", "/spec/terminationGracePeriodSeconds", 60)]


def test_without_the_replicaset_of_the_run_what_stands_is_all_that_is_known() -> None:
    found = ground(BEFORE, AFTER, live={"spec.containers.0.env.4.value": "2"})
    made = undone(found, (*ENV, "NEW"), facts=[])
    assert made.plan.changes == (
        EnvChange("NEW", None, OneContainer("app"), ExpectedSource(LiteralValue(SecretText("2")))),
    )


def test_what_has_no_place_any_more_is_stale() -> None:
    before, after = (template(container("app"), container("proxy", image=image)) for image in ("p:1", "p:2"))
    found = ground(before, after, live={"spec.containers.1": GONE})
    with pytest.raises(
        StaleError, match=r"spec.containers\[proxy\].image is to be put back, and what it was in is gone"
    ):
        undone(found, ("spec", "containers", "proxy", "image"), facts=[])
