"""C037, C038, C040 and C043 to C045: what stands around a change and takes from what its canary proves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cutover.core.base.secret_text import SecretText
from cutover.core.checks.check import CheckContext
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import ConfigId
from cutover.core.plan.model import Auto, WatchPolicy
from cutover.core.podtemplate.env_source import LiteralValue
from tests.core.checks.documents import Changes, codes, edit, ground, secret, told, whole

CANARY = "spec.strategy.canary"
PLACE = "payments/rollout/payments"
APP = "spec.template.spec.containers.0"
AS_PATH = f"{PLACE}: spec.template.spec.containers[app]"


# -- C037: nothing waits -----------------------------------------------------------------------------------------------

NO_WAIT: Changes = {f"{CANARY}.steps": [{"setWeight": 20}, {"setWeight": 60}]}


def test_a_rollout_in_which_nothing_waits_is_told() -> None:
    waits_for_nobody, at_once = told(ground(rollout=NO_WAIT))
    assert waits_for_nobody.startswith("C024 warn")
    assert at_once == (
        f"C037 warn | {PLACE}: spec.minReadySeconds\n"
        "spec.minReadySeconds is 0, and no step waits between the first setWeight and 100 %: "
        "a pod that was Ready for an instant counts, and the Rollout goes on\n"
        "→ set spec.minReadySeconds to two or three periods of the readinessProbe; this makes no new revision"
    )


@pytest.mark.parametrize(
    "steps",
    [
        [{"setWeight": 20}, {"pause": {"duration": 10}}],
        [{"setWeight": 20}, {"setWeight": 60}, {"analysis": {"templates": []}}],
    ],
)
def test_any_step_that_waits_is_enough(steps: list[Mapping[str, Any]]) -> None:
    assert "C037" not in codes(ground(rollout={f"{CANARY}.steps": steps}))


def test_a_wait_before_the_first_weight_or_at_100_percent_is_none() -> None:
    steps = [{"setWeight": 0}, {"pause": {}}, {"setWeight": 20}, {"setWeight": 100}, {"pause": {}}]
    assert "C037" in codes(ground(rollout={f"{CANARY}.steps": steps}))


def test_pods_that_have_to_stay_ready_are_enough() -> None:
    assert codes(ground(rollout={**NO_WAIT, "spec.minReadySeconds": 5})) == ["C024"]


# -- C038: stable shrinks ----------------------------------------------------------------------------------------------

ROUTED: Changes = {f"{CANARY}.trafficRouting": {"nginx": {}}}


def test_a_stable_side_that_shrinks_is_told() -> None:
    router, shrinks = told(ground(rollout={**ROUTED, f"{CANARY}.dynamicStableScale": True}))
    assert router.startswith("C004 refuse")
    assert shrinks == (
        f"C038 warn | {PLACE}: {CANARY}.dynamicStableScale\n"
        f"{CANARY}.dynamicStableScale is true: stable shrinks as the canary grows, "
        "and an abort waits until it has grown back\n"
        f"→ remove {CANARY}.dynamicStableScale, in the same write as {CANARY}.trafficRouting if that goes, too: "
        "without a router Argo takes the Rollout for invalid"
    )


def test_one_that_does_not_is_not() -> None:
    assert codes(ground(rollout={**ROUTED, f"{CANARY}.dynamicStableScale": False})) == ["C004"]


# -- C040: env and envFrom ---------------------------------------------------------------------------------------------

FLAGS: ConfigId = ("ConfigMap", "flags")
FROM_FLAGS: Changes = {f"{APP}.envFrom": [{"configMapRef": {"name": "flags"}}]}
REMOVED = edit(None, variable="POOL_SIZE")


def added(variable: str) -> CheckContext:
    """A plan that adds the variable, beside an `envFrom` whose ConfigMap has the key `FEATURE_X`."""
    wanted = edit(LiteralValue(SecretText("on")), variable=variable)
    return ground(rollout=FROM_FLAGS, edits=[wanted], configs={FLAGS: secret("flags", "FEATURE_X")})


def test_a_new_variable_that_hides_one_of_env_from_is_told() -> None:
    assert whole(added("FEATURE_X")) == (
        f"C040 warn | {AS_PATH}.env[FEATURE_X]\n"
        "FEATURE_X of container app comes from env with the plan, and from envFrom too "
        "(key FEATURE_X of ConfigMap flags): env wins, and whoever edits that key later changes nothing\n"
        "→ let one place give the variable: leave it out of the plan and change it in the source, "
        "or take the key out of the source once the cutover is done"
    )
    assert codes(added("FEATURE_Y")) == []


def test_a_removed_variable_that_env_from_still_gives_is_told() -> None:
    judged = ground(rollout=FROM_FLAGS, edits=[REMOVED], configs={FLAGS: secret("flags", "POOL_SIZE")})
    assert whole(judged) == (
        f"C040 warn | {AS_PATH}.envFrom\n"
        "the plan removes POOL_SIZE from env of container app, and envFrom still gives it "
        "(key POOL_SIZE of ConfigMap flags): the application gets that value\n"
        "→ if that value is not meant, let the plan set the one that is, or take the key out of the source first"
    )


def test_the_prefix_of_a_source_is_part_of_the_name() -> None:
    source: Changes = {f"{APP}.envFrom": [{"prefix": "POOL_", "secretRef": {"name": "pool"}}]}
    configs = {("Secret", "pool"): secret("pool", "SIZE")}
    assert codes(ground(rollout=source, edits=[REMOVED], configs=configs)) == ["C040"]
    plain: Changes = {f"{APP}.envFrom": [{"secretRef": {"name": "pool"}}]}
    assert codes(ground(rollout=plain, edits=[REMOVED], configs=configs)) == []


@pytest.mark.parametrize("found", [None, NotFound("configmaps/flags"), ReadFailed("configmaps/flags", "forbidden")])
def test_a_source_whose_keys_are_not_known_is_not(found: NotFound | ReadFailed | None) -> None:
    judged = ground(rollout=FROM_FLAGS, edits=[REMOVED], configs={} if found is None else {FLAGS: found})
    assert codes(judged) == []


def test_what_hid_a_key_before_is_nobodys_finding() -> None:
    wanted = edit(LiteralValue(SecretText("20")), variable="POOL_SIZE")
    assert codes(ground(rollout=FROM_FLAGS, edits=[wanted], configs={FLAGS: secret("flags", "POOL_SIZE")})) == []


def test_an_init_container_has_an_env_of_its_own() -> None:
    init: Changes = {"spec.template.spec.initContainers.0.envFrom": [{"configMapRef": {"name": "flags"}}]}
    wanted = edit(None, container="migrate")
    judged = ground(rollout=init, edits=[wanted], configs={FLAGS: secret("flags", "DATABASE_URL")})
    assert f"C040 warn | {PLACE}: spec.template.spec.initContainers[migrate].envFrom\n" in whole(judged)


# -- C043: hold --------------------------------------------------------------------------------------------------------


def held(hold: Auto | float, **rollout: Any) -> CheckContext:
    """A plan with that hold, on a probe that takes 3 s to notice a loss."""
    judged = ground(rollout=rollout)
    return replace(judged, plan=replace(judged.plan, watch=WatchPolicy(hold=hold)))


def test_a_hold_that_is_over_before_a_loss_is_noticed_is_told() -> None:
    assert whole(held(2.5)) == (
        f"C043 warn | {AS_PATH}.readinessProbe.periodSeconds\n"
        "the plan's hold is 2.5 s, and the readinessProbe of container app takes up to 3 s to notice a loss "
        "(failureThreshold 3, periodSeconds 1): a canary that is lost meanwhile passes the pause\n"
        "→ let the plan say hold: auto, or 3s at least"
    )


@pytest.mark.parametrize("hold", [Auto(), 3.0])
def test_one_that_is_long_enough_is_not(hold: Auto | float) -> None:
    assert codes(held(hold)) == []


def test_where_nothing_is_held_or_probed_no_hold_is_too_short() -> None:
    assert codes(held(0.0, **{f"{CANARY}.steps": [{"setWeight": 20}, {"pause": {"duration": 9}}]})) == ["C024"]
    assert codes(held(0.0, **{f"{APP}.readinessProbe": {}})) == ["C019"]


# -- C044 and C045: probes ---------------------------------------------------------------------------------------------


def alive(path: str) -> CheckContext:
    """The application with a liveness probe of that path."""
    return ground(rollout={f"{APP}.livenessProbe": {"httpGet": {"path": path, "port": 8080}}})


def test_a_liveness_probe_that_by_its_name_depends_on_others_is_told() -> None:
    assert whole(alive("/health/ready?full=1")) == (
        f"C044 warn | {AS_PATH}.livenessProbe.httpGet.path\n"
        "livenessProbe of container app asks for /health/ready?full=1, which by its name depends on others: "
        "without them its pods are restarted, those of stable too\n"
        "→ let livenessProbe ask for a path that answers without any dependency (/livez, /actuator/health/liveness), "
        "and leave the others to readinessProbe; this is a new revision: roll it out first"
    )


@pytest.mark.parametrize("path", ["/READY/", "/actuator/health", "/q/health", "/actuator/health/readiness"])
def test_other_names_for_it_are_too(path: str) -> None:
    assert codes(alive(path)) == ["C044"]


@pytest.mark.parametrize("path", ["/", "/healthz", "/already", "/ready/live", "/actuator/health/liveness"])
def test_a_path_of_any_other_name_is_not(path: str) -> None:
    assert codes(alive(path)) == []


def test_the_same_as_readiness_is_told_once() -> None:
    assert codes(alive("/readyz")) == ["C033"]


@pytest.mark.parametrize("kind", ["httpGet", "tcpSocket"])
def test_a_readiness_probe_of_another_host_is_told(kind: str) -> None:
    probe = {kind: {"host": "db.example", "port": 5432}}
    (found,) = (text for text in told(ground(rollout={f"{APP}.readinessProbe": probe})) if text.startswith("C045"))
    assert found == (
        f"C045 warn | {AS_PATH}.readinessProbe.{kind}.host\n"
        "the readinessProbe of container app asks host db.example, not the pod: "
        "the canary is Ready if that host answers\n"
        "→ remove host from the readinessProbe (a virtual host is a `Host` in httpHeaders); "
        "this is a new revision: roll it out first"
    )


def test_the_loopback_of_a_pod_is_its_own_only_in_the_network_of_its_node() -> None:
    local: Changes = {f"{APP}.readinessProbe.httpGet.host": "127.0.0.1"}
    assert codes(ground(rollout=local)) == ["C045"]
    in_the_nodes: Changes = {"spec.template.spec.hostNetwork": True}
    assert codes(ground(rollout={**local, **in_the_nodes})) == []
    assert codes(ground(rollout={f"{APP}.readinessProbe.httpGet.host": "db.example", **in_the_nodes})) == ["C045"]


def test_the_liveness_probe_and_a_host_header_are_not() -> None:
    probe = {"httpGet": {"path": "/healthz", "port": 8080, "host": "db.example"}}
    header = {f"{APP}.readinessProbe.httpGet.httpHeaders": [{"name": "Host", "value": "payments.example"}]}
    assert codes(ground(rollout={f"{APP}.livenessProbe": probe, **header})) == []
