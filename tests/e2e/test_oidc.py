"""Another identity provider on a real Keycloak: a realm that is there, and one that is not."""

import json

import pytest

from tests.cluster.keycloak import REALMS, Keycloak, keycloak
from tests.e2e.arena import SHORT, Arena

pytestmark = pytest.mark.cluster

OLD, NEW = REALMS


@pytest.fixture
def provider(arena: Arena) -> Keycloak:
    return keycloak(arena.bed)


def to_realm(issuer: str) -> str:
    """The change, as somebody writes it whose application takes the tokens of both for a while."""
    words = f"provider: keycloak, env: OIDC_ISSUER, container: app, accepts: [old, new], to: {{issuer: {issuer}}}"
    return f"oidc: {{{words}}}"


def asked_by_stable(arena: Arena) -> set[str]:
    """The issuers that the stable pods' readiness asks, by their own word."""
    bodies = (arena.kubectl("get", "--raw", _readyz(arena, pod)) for pod in arena.stable_pods())
    checks = (check for body in bodies for check in json.loads(body)["checks"])
    return {check["target"] for check in checks if check["name"] == "oidc" and check["ok"]}


def _readyz(arena: Arena, pod: str) -> str:
    return f"/api/v1/namespaces/{arena.namespace}/pods/{pod}:8080/proxy/readyz"


@pytest.mark.sampled(1)
def test_a_new_realm_is_asked_by_every_pod_once_it_is_promoted(arena: Arena, provider: Keycloak) -> None:
    arena.deploy(env={"OIDC_ISSUER": provider.issuer(OLD)})
    assert asked_by_stable(arena) == {provider.issuer(OLD)}
    outcome = arena.applied(arena.plan_of(to_realm(provider.issuer(NEW))))
    assert (outcome.code, outcome.report["outcome"]) == (0, "promoted"), outcome.told()
    assert "C072" not in outcome.told(), "tokens of both are taken"
    assert asked_by_stable(arena) == {provider.issuer(NEW)}


@pytest.mark.sampled(1)
def test_a_realm_that_does_not_exist_is_held_on_the_old_one(arena: Arena, provider: Keycloak) -> None:
    arena.deploy(env={"OIDC_ISSUER": provider.issuer(OLD)})
    template, pods = arena.template(), arena.stable_pods()
    outcome = arena.applied(arena.plan_of(to_realm(provider.issuer("shop3")), watch=SHORT))
    assert (outcome.code, outcome.report["outcome"], outcome.report["spec"]) == (10, "held", "restored"), outcome.told()
    assert "oidc http_404" in outcome.told()
    assert (arena.template(), arena.stable_pods()) == (template, pods)
    assert asked_by_stable(arena) == {provider.issuer(OLD)}
