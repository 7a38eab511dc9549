"""Who holds a target, and whether it may be taken: no foreign clock is ever compared with ours."""

from dataclasses import replace

import pytest

from cutover.core.objects.lease import LeaseView, lease_view
from cutover.core.objects.read_results import NotFound
from cutover.core.writes.lock_holder import Holder, holder_of, holder_text
from cutover.core.writes.lock_state import Dead, Free, HeldByOther, Life, Silent, lock_standing

BOB = Holder("run-1", "bob", "laptop", "s1", machine="boot/ns", pid=42, born=7)


def lease(renewed: str = "2026-11-25T10:00:00.000000Z", holder: Holder = BOB) -> LeaseView:
    return lease_view(
        {
            "metadata": {
                "name": "cutover-payments",
                "uid": "u",
                "annotations": {"cutover.dev/holder": holder_text(holder)},
            },
            "spec": {"holderIdentity": holder.name, "leaseDurationSeconds": 30, "renewTime": renewed},
        }
    )


def test_a_holder_is_told_in_full_and_read_back() -> None:
    assert holder_of(lease()) == BOB
    assert BOB.name == "bob@laptop/s1"
    assert str(BOB) == "run run-1 of bob@laptop (process 42)"


@pytest.mark.parametrize("annotation", ["", "{", "[1]", '"x"', '{"pid": "x"}'])
def test_a_holder_that_tells_nothing_more_is_still_named(annotation: str) -> None:
    found = lease()
    odd = replace(found, meta=replace(found.meta, annotations={"cutover.dev/holder": annotation}))
    assert str(holder_of(odd)) == "run unknown of bob@laptop"
    assert holder_of(replace(odd, holder="")).user == "somebody"


def test_where_nobody_is_it_is_free() -> None:
    assert lock_standing(NotFound("lease"), NotFound("lease"), 0.0, Life.ELSEWHERE) == Free()
    nobody = replace(lease(), holder="")
    assert lock_standing(nobody, nobody, 0.0, Life.ELSEWHERE) == Free()


def test_a_process_of_this_machine_is_known_to_live_or_not_whatever_its_lease_says() -> None:
    assert lock_standing(lease(), lease(), 0.0, Life.GONE) == Dead(BOB, "its process 42 on this machine is gone")
    assert lock_standing(lease(), lease(), 999.0, Life.ALIVE) == HeldByOther(
        BOB, "its process on this machine is running"
    )


def test_a_foreign_process_is_waited_for_as_long_as_its_renewal_is_good() -> None:
    assert lock_standing(lease(), lease(), 0.0, Life.ELSEWHERE) == Silent(BOB, 30.0)
    assert lock_standing(lease(), lease(), 29.5, Life.ELSEWHERE) == Silent(BOB, 0.5)
    assert lock_standing(lease(), lease(), 30.0, Life.ELSEWHERE) == Dead(BOB, "it was not renewed for 30 s")


def test_a_renewal_proves_that_a_foreign_process_lives_however_wrong_its_clock_is() -> None:
    ancient = lease("1999-01-01T00:00:00.000000Z")
    renewed = lease("1999-01-01T00:00:10.000000Z")
    assert lock_standing(renewed, ancient, 9.0, Life.ELSEWHERE) == HeldByOther(BOB, "it was renewed just now")
    assert lock_standing(ancient, ancient, 1.0, Life.ELSEWHERE) == Silent(BOB, 29.0)


def test_somebody_who_came_meanwhile_lives() -> None:
    eve = replace(BOB, user="eve", session="s2")
    assert isinstance(lock_standing(lease(holder=eve), lease(), 40.0, Life.ELSEWHERE), HeldByOther)
    assert isinstance(lock_standing(lease(), NotFound("lease"), 0.0, Life.ELSEWHERE), HeldByOther)
