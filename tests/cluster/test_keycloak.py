"""The bed's Keycloak: two realms that name themselves, no third one, one process for all tests."""

import urllib.error

import pytest

from tests.cluster import processes
from tests.cluster.bed import Bed
from tests.cluster.keycloak import NAME, REALMS, keycloak

pytestmark = pytest.mark.cluster


def test_each_realm_names_its_own_issuer(bed: Bed) -> None:
    running = keycloak(bed)
    assert [running.discovery(realm)["issuer"] for realm in REALMS] == [running.issuer(realm) for realm in REALMS]


def test_a_realm_that_does_not_exist_is_not_found(bed: Bed) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        keycloak(bed).discovery("shop3")


def test_who_asks_again_gets_the_same_one_inside_the_bed(bed: Bed) -> None:
    first = keycloak(bed), processes.named(bed.place, NAME).pid
    assert (keycloak(bed), processes.named(bed.place, NAME).pid) == first
    assert first[1] in processes.inside_namespaces([bed.place.netns]), "`down` ends whatever runs in there"
