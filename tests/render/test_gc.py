"""What became of the copies, as text and JSON."""

import json
from typing import Final

from cutover.core.review.copy_gc import CollectedCopy, Collection, Fate
from cutover.render.gc import gc_json, gc_text

LINES: Final = (
    CollectedCopy("ConfigMap", "config-1f3a", "config", "move", "run-1", Fate.REMOVED),
    CollectedCopy("Secret", "db-9499b1ac", "db", "move", "run-2", Fate.KEPT, "referenced by replicaset/payments-5c6f"),
    CollectedCopy("Secret", "db-0", "db", "", "", Fate.KEPT, "not immutable: somebody else has made it what it is"),
)


def test_each_copy_is_a_line_and_the_last_one_counts_them() -> None:
    assert gc_text(Collection("shop", LINES)) == (
        "FATE     COPY                   COPY OF  RUN    WHY\n"
        "removed  configmap/config-1f3a  config   run-1  -\n"
        "kept     secret/db-9499b1ac     db       run-2  referenced by replicaset/payments-5c6f\n"
        "kept     secret/db-0            db       -      not immutable: somebody else has made it what it is\n"
        "done: 1 removed, 2 kept in namespace shop\n"
    )


def test_a_dry_run_says_that_nothing_was_removed() -> None:
    line = CollectedCopy("ConfigMap", "config-1f3a", "config", "move", "run-1", Fate.REMOVABLE)
    assert gc_text(Collection("shop", (line,), dry_run=True)).splitlines()[-1] == (
        "planned: 1 to be removed in namespace shop; nothing was removed"
    )


def test_where_there_are_no_copies_that_is_said() -> None:
    assert gc_text(Collection("shop", ())) == "unchanged: no copies in namespace shop\n"


def test_the_same_as_json() -> None:
    document = json.loads(gc_json(Collection("shop", LINES)))
    assert (document["kind"], document["outcome"], document["exitCode"]) == ("CutoverCollection", "done", 0)
    assert (document["namespace"], document["dryRun"], len(document["copies"])) == ("shop", False, 3)
    assert document["copies"][1] == {
        "kind": "Secret",
        "name": "db-9499b1ac",
        "copyOf": "db",
        "plan": "move",
        "run": "run-2",
        "fate": "kept",
        "reason": "referenced by replicaset/payments-5c6f",
    }
