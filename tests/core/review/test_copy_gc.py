"""Which copies may be removed: what nothing refers to, of runs that are over, as they were made."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from cutover.core.base.outcomes import Outcome
from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.objects.config_object import ConfigView, config_view
from cutover.core.objects.lease import LeaseView, lease_view
from cutover.core.objects.meta import POD_HASH_LABEL
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.workload import WORKLOADS, WorkloadView, workload_view
from cutover.core.patch.config_copies import COPY_OF, PLAN, RUN
from cutover.core.review.copy_gc import CollectedCopy, Collection, Fate, NamespaceUse, answered, line_of, lines_of
from cutover.core.writes.delete_copy import collect_write
from cutover.core.writes.lease import take_write
from cutover.core.writes.lock_holder import Holder
from cutover.core.writes.run_annotations import MARKS, annotations_of
from cutover.core.writes.write import Accepted, Method, Refused, Unclear
from tests.core.writes.test_run_annotations import WHOLE
from tests.quotations import unmasked

TARGET: Final = Target("payments", "shop")
LABELS: Final = {COPY_OF: "config", PLAN: "move", RUN: "run-1"}
US: Final = Holder("run-1", "alice", "host", "s1")
OTHERS: Final = replace(US, run="run-2")


def copy(kind: str = "ConfigMap", *, immutable: bool = True, **meta: Any) -> ConfigView:
    metadata = {"name": "config-1f3a", "uid": "u-1", "resourceVersion": "7", "labels": LABELS, **meta}
    return config_view(kind, {"metadata": metadata, "data": {"url": "c2VjcmV0"}, "immutable": immutable})


def lease(holder: Holder, name: str = "cutover-payments", **spec: Any) -> LeaseView:
    body = take_write(TARGET, holder, 0.0).body
    metadata = {**body["metadata"], "name": name}
    return lease_view({**body, "metadata": metadata, "spec": {**body["spec"], **spec}})


def ground(*leases: LeaseView, workloads: tuple[WorkloadView, ...] = ()) -> NamespaceUse:
    return NamespaceUse(leases, workloads)


def judged(copy: ConfigView, ground: NamespaceUse) -> tuple[str, str]:
    line = line_of(copy, ground)
    return line.fate.value, unmasked(line.reason)


# -- references --------------------------------------------------------------------------------------------------------

MENTIONS: Final[Mapping[str, Any]] = {
    "env": {"containers": [{"env": [{"valueFrom": {"{}KeyRef": {"name": "config-1f3a", "key": "url"}}}]}]},
    "init env": {"initContainers": [{"env": [{"valueFrom": {"{}KeyRef": {"name": "config-1f3a"}}}]}]},
    "envFrom": {"containers": [{"envFrom": [{"{}Ref": {"name": "config-1f3a"}}]}]},
    "volume": {"volumes": [{"{}": {"name": "config-1f3a", "secretName": "config-1f3a"}}]},
    "projected": {"volumes": [{"projected": {"sources": [{"{}": {"name": "config-1f3a"}}]}}]},
}
SPELLED: Final = {"ConfigMap": "configMap", "Secret": "secret"}


def spelled(document: Any, kind: str) -> Any:
    if isinstance(document, Mapping):
        return {key.replace("{}", SPELLED[kind]): spelled(value, kind) for key, value in document.items()}
    return [spelled(item, kind) for item in document] if isinstance(document, list) else document


def workload(resource: Resource, spec: Any, name: str = "x", **meta: Any) -> WorkloadView:
    template = {"spec": spec}
    specs: dict[str, Any] = {
        "pods": spec,
        "cronjobs": {"jobTemplate": {"spec": {"template": template}}},
        "experiments": {"templates": [{"template": {}}, {"template": template}]},
    }
    return workload_view(
        resource, {"metadata": {"name": name, **meta}, "spec": specs.get(resource, {"template": template})}
    )


@pytest.mark.parametrize("kind", SPELLED)
@pytest.mark.parametrize("way", MENTIONS)
@pytest.mark.parametrize("resource", WORKLOADS)
def test_what_any_template_refers_to_in_any_way_is_kept(resource: Resource, way: str, kind: str) -> None:
    held = ground(workloads=(workload(resource, spelled(MENTIONS[way], kind)),))
    assert judged(copy(kind), held) == ("kept", f"referenced by {resource[:-1]}/x")
    (another,) = {"ConfigMap", "Secret"} - {kind}
    assert judged(copy(another), held) == ("removable", "")
    assert judged(copy(kind, name="config-2b4c"), held) == ("removable", "")


def test_every_resource_with_pod_templates_is_read_and_owners_before_what_they_make() -> None:
    makes = {
        "rollouts": ("experiments", "replicasets"),
        "experiments": ("replicasets",),
        "deployments": ("replicasets",),
        "cronjobs": ("jobs",),
        **dict.fromkeys(("replicasets", "statefulsets", "daemonsets", "jobs"), ("pods",)),
    }
    assert set(WORKLOADS) == {*makes, "pods"}
    for owner, owned in makes.items():
        assert all(WORKLOADS.index(owner) < WORKLOADS.index(each) for each in owned)


def test_the_first_who_refers_is_named_and_the_others_are_counted() -> None:
    spec = spelled(MENTIONS["env"], "ConfigMap")
    held = tuple(workload(Resource.REPLICASET, spec, name) for name in ("a", "b", "c"))
    assert judged(copy(), ground(workloads=held)) == ("kept", "referenced by replicaset/a and 2 more")


# -- what is no longer as it was made ----------------------------------------------------------------------------------


def test_what_is_not_immutable_is_kept() -> None:
    assert judged(copy(immutable=False), ground()) == ("kept", "not immutable: somebody else has made it what it is")


def test_what_is_being_deleted_is_left_to_whoever_deletes_it() -> None:
    going = copy(deletionTimestamp="2026-11-26T13:41:42Z")
    assert judged(going, ground()) == ("kept", "it is being deleted already")


def test_no_value_and_no_annotation_gets_into_a_line() -> None:
    line = line_of(copy(annotations={"a": "planted"}), ground())
    assert line == CollectedCopy("ConfigMap", "config-1f3a", "config", "move", "run-1", Fate.REMOVABLE)


# -- runs that are not over --------------------------------------------------------------------------------------------


def standing(run: str, *, base: str = WHOLE.base, **annotations: str) -> tuple[WorkloadView, ...]:
    """A Rollout with the marks of a run, and a ReplicaSet of that hash."""
    marks = {**annotations_of(replace(WHOLE, run=run), "us"), **annotations}
    replicaset = workload(Resource.REPLICASET, {}, labels={POD_HASH_LABEL: base})
    return workload(Resource.ROLLOUT, {}, annotations=marks), replicaset


SETTLED: Final = standing("run-2")


def test_what_a_run_under_way_made_is_kept_whatever_stands() -> None:
    held = ground(lease(US), workloads=standing("run-1"))
    assert judged(copy(), held) == ("kept", "run run-1 under way")
    assert judged(copy("Secret"), held) == ("kept", "run run-1 under way")


def test_what_an_unfinished_run_made_is_kept_though_nobody_is_at_it() -> None:
    """The answer to its write may be lost, and the write still take effect."""
    assert judged(copy(), ground(lease(US, holderIdentity=""))) == ("kept", "run run-1 is not over")


def test_a_run_that_is_over_keeps_nothing() -> None:
    assert judged(copy(), ground()) == ("removable", "")
    assert judged(copy(), ground(lease(OTHERS, holderIdentity=""))) == ("removable", "")


def test_what_another_made_goes_once_all_that_a_run_refers_to_stands() -> None:
    assert judged(copy(), ground(lease(OTHERS), workloads=SETTLED)) == ("removable", "")


NEEDED: Final = "run run-2 under way (cutover-payments): it may come to refer to it"


@pytest.mark.parametrize(
    "workloads",
    [
        (),
        standing("run-3"),
        standing("run-2", **{MARKS: "{}"}),
        standing("run-2", base="gone"),
        SETTLED[1:],
        (SETTLED[0], workload(Resource.POD, {}, labels={POD_HASH_LABEL: WHOLE.base})),
    ],
    ids=["nothing", "another's marks", "unreadable marks", "no way back", "no rollout", "a last pod of the way back"],
)
def test_a_run_that_may_come_to_refer_to_what_it_finds_keeps_everything(workloads: tuple[WorkloadView, ...]) -> None:
    """It takes up a ConfigMap of the same content, and goes back to what only it remembers."""
    assert judged(copy(), ground(lease(OTHERS), workloads=workloads)) == ("kept", NEEDED)


def test_a_lease_that_does_not_say_whose_it_is_may_be_any_runs() -> None:
    unknown = replace(lease(OTHERS), meta=replace(lease(OTHERS).meta, annotations={}))
    reason = "run unknown under way (cutover-payments): it may come to refer to it"
    assert judged(copy(), ground(unknown, workloads=SETTLED)) == ("kept", reason)


def test_a_lease_that_is_no_runs_says_nothing() -> None:
    assert judged(copy(), ground(lease(US, name="kube-scheduler"))) == ("removable", "")


# -- the removal and what became of it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "resource"), [("ConfigMap", Resource.CONFIG_MAP), ("Secret", Resource.SECRET)])
def test_just_the_copy_that_was_seen_is_removed(kind: str, resource: Resource) -> None:
    write = collect_write(TARGET, copy(kind))
    assert (write.method, write.resource, write.named, write.target) == (
        Method.DELETE,
        resource,
        "config-1f3a",
        TARGET,
    )
    assert write.body["preconditions"] == {"uid": "u-1", "resourceVersion": "7"}
    assert write.title == f"remove {kind} shop/config-1f3a, a copy of config"


WRITE: Final = collect_write(TARGET, copy())
GONE: Final = NotFound("configmap/config-1f3a")


@pytest.mark.parametrize(
    ("answer", "fate", "outcome"),
    [
        (Accepted(WRITE, GONE), Fate.REMOVED, Outcome.DONE),
        (Refused(WRITE, 404, "not found", GONE), Fate.GONE, Outcome.DONE),
        (Refused(WRITE, 409, "conflict", GONE), Fate.KEPT, Outcome.UNCHANGED),
        (Refused(WRITE, 403, "a policy", GONE), Fate.REFUSED, Outcome.REFUSED),
        (Unclear(WRITE, "lost", ReadFailed("x", "y")), Fate.UNCLEAR, Outcome.UNOBSERVABLE),
    ],
)
def test_what_became_of_a_copy_and_how_the_command_ends(answer: Any, fate: Fate, outcome: Outcome) -> None:
    line = answered(line_of(copy(), ground()), answer)
    assert line.fate is fate
    assert Collection("shop", (line,)).outcome is outcome


def test_the_worst_of_all_is_how_it_ends() -> None:
    (line,) = lines_of((copy(),), ground())
    fates = (Fate.KEPT, Fate.REMOVED, Fate.REFUSED, Fate.LEFT)
    lines = tuple(replace(line, fate=fate) for fate in fates)
    outcomes = [Collection("shop", lines[:count]).outcome.value for count in range(5)]
    assert outcomes == ["unchanged", "unchanged", "done", "refused", "unobservable"]
    assert Collection("shop", (line,), dry_run=True).outcome is Outcome.PLANNED
    assert Collection("shop", lines).exit_code == 14
