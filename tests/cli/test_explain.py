"""`cutover explain`, as a person who met a code types it."""

import json

from tests.cli.process import cutover

C018 = """\
C018: a reference is optional

warn: the run goes on; diff and report say it

A reference of the plan is `optional`: without its key the pods start with no variable at all.

The application then takes its own default, often `localhost`, and can be Ready with it.

When: a new value comes from a reference with `optional: true`: without its key there is no variable
at all.

What to do: leave out `optional: true`: new pods then do not start without the key, and the canary
is held.

Accepted by: `allow: [{code: C018, reason: "…"}]` in the plan.
"""


def test_one_code_is_explained_whole() -> None:
    done = cutover("explain", "c018")
    assert (done.returncode, done.stdout, done.stderr) == (0, C018, "")


def test_without_a_code_every_one_has_a_line() -> None:
    lines = cutover("explain").stdout.splitlines()
    assert lines[0] == "C001  refuse  the Rollout does not exist"
    assert "C018  warn    a reference is optional" in lines
    assert lines == sorted(lines)


def test_json_has_the_same_keys_for_one_and_for_all() -> None:
    one, every = (json.loads(cutover("explain", *code, "-o", "json").stdout) for code in (["C018"], []))
    (page,) = one["checks"]
    assert page in every["checks"]
    assert (page["code"], page["severity"], page["acceptable"]) == ("C018", "warn", True)


def test_a_code_that_does_not_exist_is_wrong_usage() -> None:
    done = cutover("explain", "C999")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "there is no code C999\n  → `cutover explain` lists them all\ninvalid (exit code 2)\n"
