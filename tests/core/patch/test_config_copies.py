"""A config object is copied, never edited, and every reference to it in the template is switched."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cutover.core.base.errors import CutoverError, RefusedError
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigRead, config_read
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import ConfigId
from cutover.core.patch.config_copies import body_of, config_changes, suffixed_name
from cutover.core.patch.cross_check import cross_check
from cutover.core.patch.edit import ConfigCopy, Edits
from cutover.core.patch.planned import ResolveContext, ResolveInputs, Supplied
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import (
    Change,
    ConfigMapChange,
    EnvChange,
    FromFile,
    OneContainer,
    PlanPosition,
    SecretChange,
)
from cutover.core.plan.model import Plan
from cutover.core.podtemplate.config_references import mentions
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret, LiteralValue
from cutover.core.podtemplate.field_paths import copied
from cutover.core.review.describe import Meaning, copy_entry, describe_edit
from cutover.core.writes.restore_template import old_template
from tests.core.podtemplate.documents import config, container, literal, secret, template
from tests.core.writes.test_restore_template import marks, replicaset_of

REDACTOR = Redactor(b"key")
AT = PlanPosition("plan.yaml", 7, "spec.changes[0].configMap")

EVERYWHERE = template(
    container(
        "app",
        config("POOL", "settings", "pool"),
        config("OTHER", "other", "pool"),
        secret("PASSWORD", "settings", "pool"),
        envFrom=[{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "settings"}}],
        volumeMounts=[{"name": "files", "mountPath": "/etc/app"}],
    ),
    container("proxy"),
    init=(container("migrate", config("POOL", "settings", "pool", optional=True)),),
    volumes=[
        {"name": "files", "configMap": {"name": "settings", "items": [{"key": "pool", "path": "pool"}]}},
        {"name": "secrets", "secret": {"secretName": "settings"}},
        {
            "name": "both",
            "projected": {
                "sources": [
                    {"secret": {"name": "settings"}},
                    {"configMap": {"name": "settings"}},
                    {"configMap": {"name": "other"}},
                ]
            },
        },
    ],
)
"""Refers to ConfigMap and Secret `settings` in every way that there is."""


def read(kind: str, name: str, *, labels: Mapping[str, str] | None = None, **data: str) -> ConfigRead:
    """An object as the API has it; a Secret's values are given as they are."""
    told = {key.replace("_", "."): value for key, value in data.items()}
    if kind == "Secret":
        told = {key: base64.b64encode(value.encode()).decode() for key, value in told.items()}
    return config_read(
        kind, {"metadata": {"name": name, "labels": dict(labels or {})}, "data": told, "type": "example.com/kind"}
    )


def stock(*objects: ConfigRead, supplied: Mapping[Any, Supplied] | None = None) -> ResolveInputs:
    return ResolveInputs({(each.kind, each.meta.name): each for each in objects}, supplied or {}, "1a2b3c4d")


SETTINGS = read("ConfigMap", "settings", pool="10", legacy="x")
HIDDEN = read("Secret", "settings", pool="hunter1", user="app")
TWENTY = ConfigMapChange("ConfigMap", "settings", (("pool", LiteralValue(SecretText("20"))),), ("legacy",), AT)
NEW_PASSWORD = SecretChange("Secret", "settings", (("pool", FromFile("./pool.txt")),), at=AT)
FILE = {FromFile("./pool.txt"): Supplied(SecretText(base64.b64encode(b"hunter2").decode()))}


def plan(*changes: Change) -> Plan:
    return Plan("payments-pool", Target("payments", "payments"), changes, "digest")


def edits(*changes: Change, live: Any = EVERYWHERE, held: ResolveInputs | None = None) -> Edits:
    return resolve(plan(*changes), live, REDACTOR, held or stock(SETTINGS, HIDDEN, supplied=FILE))


def body(copy: ConfigCopy) -> dict[str, Any]:
    return body_of(copy, "payments-pool", "run-1")


# What is made, and what is switched.


def test_a_configmap_with_other_keys_is_a_new_immutable_one_named_by_its_content() -> None:
    (copy,) = edits(TWENTY).copies
    assert body(copy) == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": copy.name,
            "labels": {
                "cutover.dev/copy-of": "settings",
                "cutover.dev/plan": "payments-pool",
                "cutover.dev/run": "run-1",
            },
        },
        "immutable": True,
        "data": {"pool": "20"},
    }
    assert copy.name.startswith("settings-")
    assert (copy.source, edits(TWENTY).copies[0].name) == ("settings", copy.name)
    other = ConfigMapChange("ConfigMap", "settings", (("pool", LiteralValue(SecretText("21"))),), ("legacy",))
    assert edits(other).copies[0].name != copy.name


def test_every_reference_to_it_is_switched_and_no_other() -> None:
    found = edits(TWENTY)
    (copy,) = found.copies
    before, after = mentions(found.before), mentions(found.after)
    switched = [(old.kind, old.name) for old, new in zip(before, after, strict=True) if old != new]
    assert switched == [("ConfigMap", "settings")] * 5
    assert {new.name for old, new in zip(before, after, strict=True) if old != new} == {copy.name}
    assert [mention.place for mention in before] == [mention.place for mention in after]
    assert found.containers == {"app", "migrate", "proxy"}


@pytest.mark.parametrize("name", ["settings", "settings-of-another"])
def test_a_reference_that_is_not_switched_to_the_copy_is_found_out(name: str) -> None:
    planned = config_changes(TWENTY, ResolveContext(EVERYWHERE, REDACTOR, stock(SETTINGS, HIDDEN)))
    after = copied(edits(TWENTY).after)
    cross_check(planned, EVERYWHERE, after)
    after["spec"]["volumes"][0]["configMap"]["name"] = name
    with pytest.raises(CutoverError, match=r"the patch does not set spec.volumes\[0\].configMap.name"):
        cross_check(planned, EVERYWHERE, after)


def test_a_secret_gets_a_name_by_chance_and_keeps_type_and_other_keys() -> None:
    (copy,) = edits(NEW_PASSWORD).copies
    made = body(copy)
    assert (copy.name, made["kind"], made["type"]) == ("settings-1a2b3c4d", "Secret", "example.com/kind")
    assert {key: base64.b64decode(value) for key, value in made["data"].items()} == {"pool": b"hunter2", "user": b"app"}
    assert [mention.name for mention in mentions(edits(NEW_PASSWORD).after) if mention.kind == "Secret"] == [
        "settings-1a2b3c4d"
    ] * 4


def test_a_value_may_come_from_another_secret_bytes_and_all() -> None:
    source = config_read("Secret", {"metadata": {"name": "ca"}, "data": {"ca.crt": "/wA="}})
    change = SecretChange("Secret", "settings", (("ca.crt", FromSecret("ca", "ca.crt")),))
    (copy,) = edits(change, held=stock(SETTINGS, HIDDEN, source)).copies
    assert body(copy)["data"]["ca.crt"] == "/wA="
    assert copy.binary == {"ca.crt"}


def test_bytes_of_a_configmap_stay_bytes() -> None:
    held = config_read(
        "ConfigMap", {"metadata": {"name": "settings"}, "data": {"pool": "10"}, "binaryData": {"b": "/w=="}}
    )
    (copy,) = edits(TWENTY, held=stock(held)).copies
    assert (body(copy)["data"], body(copy)["binaryData"]) == ({"pool": "20"}, {"b": "/w=="})


def test_what_is_so_already_is_neither_made_nor_switched() -> None:
    so = ConfigMapChange("ConfigMap", "settings", (("pool", LiteralValue(SecretText("10"))),), ("gone",))
    found = edits(so)
    assert (found.edits, found.operations, found.copies) == ((), (), ())


def test_a_plan_names_the_original_whichever_copy_the_template_refers_to_by_now() -> None:
    first = edits(TWENTY)
    (copy,) = first.copies
    standing = config_read("ConfigMap", body(copy))
    again = edits(TWENTY, live=first.after, held=stock(standing, SETTINGS))
    assert again.unchanged
    thirty = ConfigMapChange("ConfigMap", "settings", (("pool", LiteralValue(SecretText("30"))),))
    (second,) = edits(thirty, live=first.after, held=stock(standing, SETTINGS)).copies
    assert (second.source, second.base, body(second)["data"]) == (copy.name, "settings", {"pool": "30"})


def test_a_variable_that_the_plan_points_at_the_object_reads_from_the_copy() -> None:
    point = EnvChange("FRESH", FromConfigMap("settings", "pool"), OneContainer("proxy"))
    found = edits(point, TWENTY)
    (edit,) = [each for each in found.of_variables if each.variable == "FRESH"]
    assert edit.after == FromConfigMap(found.copies[0].name, "pool")


def test_the_old_template_comes_back_to_the_letter() -> None:
    found = edits(TWENTY, NEW_PASSWORD)
    assert (
        old_template(found.after, replicaset_of(found.before), marks(found, TWENTY, NEW_PASSWORD).edits) == EVERYWHERE
    )


# What cannot be.


NOT_NAMED = """\
C070: the template does not refer to ConfigMap setings (it refers to: other, settings)
  → correct the name in the plan"""


@pytest.mark.parametrize(
    ("change", "held", "said"),
    [
        (
            ConfigMapChange("ConfigMap", "setings", removed=("a",), at=AT),
            {},
            NOT_NAMED,
        ),
        (
            TWENTY,
            {("ConfigMap", "settings"): NotFound("configmap/settings")},
            "C071: ConfigMap settings does not exist\n  → correct the name in the plan, or create the object",
        ),
        (
            TWENTY,
            {("ConfigMap", "settings"): ReadFailed("configmap/settings", "no right")},
            "C071: ConfigMap settings cannot be copied: no right\n  → `kubectl auth can-i get configmaps` tells",
        ),
        (
            SecretChange("Secret", "settings", (("a", FromSecret("ca", "ca.crt")),), at=AT),
            {("Secret", "settings"): HIDDEN, ("Secret", "ca"): read("Secret", "ca", key="x")},
            "C071: Secret ca has no key ca.crt (it has: key)\n  → correct the key",
        ),
    ],
)
def test_what_cannot_be_copied_is_refused_with_its_code(
    change: Change, held: Mapping[ConfigId, ConfigRead | NotFound | ReadFailed], said: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        edits(change, held=ResolveInputs(held))
    assert str(caught.value) == f"plan.yaml:7: spec.changes[0].configMap: {said}"


# What is told of it.


def test_a_configmap_is_told_with_its_values_and_a_secret_without() -> None:
    found = edits(TWENTY, NEW_PASSWORD)
    told = [line for copy in found.copies for line in copy_entry(copy, REDACTOR).lines]
    name = found.copies[0].name
    assert told == [
        f"ConfigMap settings → {name} (a new immutable copy; settings stays as it is)",
        'legacy: removed "x" → absent',
        'pool: changed "10" → "20"',
        "Secret settings → settings-1a2b3c4d (a new immutable copy; settings stays as it is)",
        "pool: changed",
    ]


def test_a_reference_that_is_only_switched_is_about_the_object() -> None:
    found = edits(TWENTY)
    told = [describe_edit(edit, REDACTOR, (TWENTY,), found.copies) for edit in found.edits]
    assert {entry.meaning for entry in told} == {Meaning.OBJECTS}
    assert [(entry.home, entry.name) for entry in told] == [
        ("app", "POOL"),
        ("app", "envFrom[0].configMapRef.name"),
        ("migrate (init)", "POOL"),
        ("pod", "spec.volumes[files].configMap.name"),
        ("pod", "spec.volumes[both].projected.sources[1].configMap.name"),
    ]


def test_nothing_that_can_be_printed_of_a_copy_shows_a_value() -> None:
    found = edits(NEW_PASSWORD)
    assert "hunter" not in f"{found!r} {found.copies!r}"
    assert "hunter2" in base64.b64decode(body(found.copies[0])["data"]["pool"]).decode()


def test_names_and_labels_fit_however_long_the_base_is() -> None:
    assert len(suffixed_name("a" * 253, "1a2b3c4d")) == 253
    assert suffixed_name(f"{'a' * 243}.b", "1a2b3c4d") == f"{'a' * 243}-1a2b3c4d"
    long = "s" * 200
    live = template(container("app", config("A", long, "k")))
    change = ConfigMapChange("ConfigMap", long, (("k", LiteralValue(SecretText("2"))),))
    (copy,) = edits(change, live=live, held=stock(read("ConfigMap", long, k="1"))).copies
    assert all(len(value) <= 63 for value in body(copy)["metadata"]["labels"].values())
    standing = config_read("ConfigMap", body(copy))
    after = template(container("app", config("A", copy.name, "k")))
    assert edits(change, live=after, held=stock(standing)).unchanged


NAMES = st.sampled_from(["settings", "other"])
ENTRIES = st.one_of(
    st.builds(config, st.sampled_from("ABCD"), NAMES, st.sampled_from("kl")),
    st.builds(literal, st.sampled_from("ABCD"), st.sampled_from(["1", ""])),
)
VOLUMES: st.SearchStrategy[list[Any]] = st.lists(
    st.one_of(
        NAMES.map(lambda name: {"configMap": {"name": name}}),
        NAMES.map(lambda name: {"projected": {"sources": [{"configMap": {"name": name}}]}}),
        st.just({"emptyDir": {}}),
    ),
    max_size=3,
)


@settings(deadline=None, max_examples=100)
@given(
    entries=st.lists(ENTRIES, max_size=5, unique_by=lambda entry: entry["name"]),
    volumes=VOLUMES,
    values=st.dictionaries(st.sampled_from(["k", "l", "m"]), st.sampled_from(["1", "2", ""]), min_size=1),
)
def test_whatever_refers_to_it_only_names_differ_and_the_way_back_leads_there(
    entries: list[Any], volumes: list[Any], values: dict[str, str]
) -> None:
    named = [{"name": f"v{number}", **volume} for number, volume in enumerate(volumes)]
    live = template(container("app", *entries, envFrom=[{"configMapRef": {"name": "settings"}}]), volumes=named)
    change = ConfigMapChange(
        "ConfigMap", "settings", tuple((key, LiteralValue(SecretText(v))) for key, v in values.items())
    )
    found = edits(change, live=live, held=stock(read("ConfigMap", "settings", k="1", l="1")))
    name = found.copies[0].name if found.copies else "settings"
    assert json.dumps(found.after).replace(f'"{name}"', '"settings"') == json.dumps(live)
    if not found.unchanged:
        assert old_template(found.after, replicaset_of(live), marks(found, change).edits) == live
