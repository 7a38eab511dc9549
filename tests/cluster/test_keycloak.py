"""The bed's Keycloak: two realms that name themselves, no third one, one process for all tests."""

import urllib.error
from pathlib import Path

import pytest

from tests.cluster import processes
from tests.cluster.bed import Bed
from tests.cluster.errors import BedError
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


def test_one_that_does_not_start_says_why_and_leaves_the_bed_whole(
    bed: Bed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "kc.sh"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho there is no room; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("tests.cluster.keycloak.distribution", lambda: tmp_path)
    monkeypatch.setattr("tests.cluster.keycloak.NAME", "keycloak-broken")
    monkeypatch.setattr("tests.cluster.keycloak.PORT", 8181)  # at the usual one the real Keycloak may answer
    with pytest.raises(BedError, match="Keycloak has ended\nthere is no room"):
        keycloak(bed)
    assert "keycloak-broken" not in {component.name for component in bed.components()}
