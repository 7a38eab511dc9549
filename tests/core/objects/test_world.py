"""What is known of the cluster: how news change it, how old it is, and what is not known."""

import pytest

from cutover.core.base.resources import Resource
from cutover.core.base.target import Target
from cutover.core.objects.pod import PodView, pod_view
from cutover.core.objects.read_results import NotFound, NotSeen
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.world import Deleted, StreamAlive, StreamLost, Synced, Upserted, World
from tests.core.checks.documents import ROLLOUT, ROLLOUT_UID
from tests.core.engine.stage import BASE, NEW, ClusterStage, opening, pod

VIEW = rollout_view(ROLLOUT)


def a_pod(name: str, *, uid: str = "", ready: bool = True) -> PodView:
    """A stable pod of that name."""
    return pod_view(pod(name, BASE, ready=ready, **({"metadata__uid": uid} if uid else {})))


def names(world: World) -> list[str]:
    """The names of stable's pods."""
    return [found.meta.name for found in world.pods(f"uid-{BASE}")]


def test_what_was_never_listed_is_not_seen_and_not_absent() -> None:
    assert World().rollout("payments") == NotSeen()
    assert World().age(Resource.ROLLOUT, 10.0) == float("inf")
    assert (*World().pods("any"), *World().replicasets("any"), *World().endpointslices()) == ()


def test_what_a_list_does_not_show_is_absent() -> None:
    world = World().after(Synced(Resource.ROLLOUT, (VIEW,), 1.0)).after(Synced(Resource.ROLLOUT, (), 2.0))
    assert world.rollout("payments") == NotFound("rollout/payments")


def test_a_list_replaces_everything_of_its_kind_and_nothing_else() -> None:
    world = opening().world(1.0).after(Synced(Resource.POD, (a_pod("a"),), 2.0))
    assert names(world) == ["a"]
    assert world.rollout("payments") == opening().view()


def test_news_add_replace_and_remove_one_object() -> None:
    world = World().after(Synced(Resource.POD, (a_pod("a", ready=False),), 1.0))
    world = world.after(Upserted(Resource.POD, a_pod("b"), 2.0)).after(Upserted(Resource.POD, a_pod("a"), 3.0))
    assert [found.ready for found in world.pods(f"uid-{BASE}")] == [True, True]
    assert names(world.after(Deleted(Resource.POD, "a", "uid-a", 4.0))) == ["b"]


def test_the_removal_of_a_namesake_removes_nothing() -> None:
    """The news of a deletion that comes after the object was made anew are about the old one."""
    world = World().after(Synced(Resource.POD, (a_pod("a", uid="new"),), 1.0))
    assert names(world.after(Deleted(Resource.POD, "a", "old", 2.0))) == ["a"]


def test_news_do_not_change_the_world_that_was() -> None:
    before = World().after(Synced(Resource.POD, (), 1.0))
    before.after(Upserted(Resource.POD, a_pod("a"), 2.0))
    assert names(before) == []


def test_every_news_of_a_kind_makes_it_young_and_no_other() -> None:
    world = opening().world(1.0).after(Upserted(Resource.POD, a_pod("a"), 5.0))
    assert (world.age(Resource.POD, 7.0), world.age(Resource.ROLLOUT, 7.0)) == (2.0, 6.0)


def test_a_stream_that_is_alive_keeps_what_is_known_true() -> None:
    world = opening().world(1.0).after(StreamAlive(Resource.POD, 20.0))
    assert (world.age(Resource.POD, 21.0), len(names(world))) == (1.0, 4)


def test_a_stream_that_is_alive_but_was_never_listed_tells_nothing() -> None:
    assert World().after(StreamAlive(Resource.ROLLOUT, 1.0)).rollout("payments") == NotSeen()


def test_a_lost_stream_makes_nothing_young_and_its_trouble_ends_with_the_next_news() -> None:
    world = (
        opening()
        .world(1.0)
        .after(StreamLost(Resource.POD, "reset", 5.0))
        .after(StreamLost(Resource.ROLLOUT, "refused", 5.0))
    )
    assert (world.age(Resource.POD, 6.0), len(names(world))) == (5.0, 4)
    assert world.trouble == {Resource.POD: "reset", Resource.ROLLOUT: "refused"}
    assert world.after(StreamAlive(Resource.POD, 7.0)).trouble == {Resource.ROLLOUT: "refused"}


def test_objects_belong_to_their_owner_by_uid_and_not_by_name() -> None:
    stage = opening().adopted().canary_ready().analysis("Running")
    world = stage.world(1.0)
    assert [found.pod_hash for found in world.replicasets(ROLLOUT_UID)] == [BASE, NEW]
    assert (*world.replicasets("another"), *world.analysisruns("another")) == ()
    assert [found.phase for found in world.analysisruns(ROLLOUT_UID)] == ["Running"]
    assert [found.meta.name for found in world.pods(f"uid-{NEW}")] == [f"payments-{NEW}-0"]


def test_a_target_is_told_by_namespace_and_name() -> None:
    assert str(Target("api", "shop", "shop")) == "shop/api"


# -- the snapshot ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "count"),
    [(opening(), 4), (opening().status(stableRS=""), 0), (opening().status(stableRS="gone"), 0)],
    ids=["stable", "no stable revision", "a stable revision without ReplicaSet"],
)
def test_a_snapshot_knows_the_pods_of_stable(stage: ClusterStage, count: int) -> None:
    assert len(stage.snapshot().stable_pods()) == count


def test_a_snapshot_knows_whose_replicasets_are_whose() -> None:
    stage = opening().adopted().replicaset(NEW, metadata__ownerReferences__0__uid="another")
    assert [found.pod_hash for found in stage.snapshot().owned_replicasets()] == [BASE]
    assert stage.snapshot().replicaset(NEW) == NotFound(f"replicaset of {NEW}")
