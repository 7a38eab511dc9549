"""A new plan from the live Rollout: what it says, what it leaves out, and that the loader reads what was meant."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cutover.core.base.errors import CutoverError, RefusedError, UsageError
from cutover.core.base.redaction import Redactor
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.objects.rollout import rollout_view
from cutover.core.objects.snapshot import Snapshot
from cutover.core.plan.changes import EnvChange, ExpectedSource, OneContainer
from cutover.core.plan.load import load
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret, LiteralValue, Settable
from cutover.core.review.new_plan import NewPlan, new_plan
from cutover.core.review.new_plan_flags import NewPlanFlags, NewPlanRequest, new_plan_request
from cutover.core.review.new_plan_text import quoted, word
from tests.core.checks.documents import ROLLOUT, changed
from tests.core.podtemplate.documents import PAYMENTS, config, container, literal, secret, template

REDACTOR = Redactor(b"a key of this run")
TARGET = Target("payments", "payments", "payments", "prod")
ALONE = template(
    container(
        "app",
        secret("DATABASE_URL", "payments-db-a", "url"),
        config("REGION", "payments-a", "region", optional=True),
        literal("OLD_FLAG", "1"),
        literal("API_TOKEN", "hunter2-hunter2"),
        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
    )
)

WHOLE = """\
# A plan for rollout payments/payments in context prod, made from what stood there. Nothing was written to it.
# Have it reviewed, then type:
# - cutover diff 'to b.yaml' (what it changes, and what will happen)
# - cutover apply 'to b.yaml' (writes it, watches it, and goes back if it fails)
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata:
  name: payments-change
  # description: for people; the report repeats it
spec:
  # The Rollout, and its namespace.
  target:
    app: payments
  # What changes. `from` is what stands there now; should it be something else by then, nothing is written (exit 4).
  changes:
    # DATABSE_URL is new in container app, where DATABASE_URL exists: is the name right?
    - env:
        name: DATABSE_URL
        container: app
        value: "debug"
        from: {absent: true}
    # No `from`: a plan cannot name what stands there now (fieldRef metadata.name).
    - env:
        name: POD_NAME
        container: app
        value: "one: 1 # \\"two\\"\\n"
    - env:
        name: DATABASE_URL
        container: app
        secretKeyRef: {name: payments-db-b, key: url}
        from: {secretKeyRef: {name: payments-db-a, key: url}}
    # No `from`: what stands there now looks like a credential, which belongs into no file.
    - env:
        name: API_TOKEN
        container: app
        secretKeyRef: {name: "1", key: "on"}
    - env:
        name: REGION
        container: app
        configMapKeyRef: {name: payments-b, key: region}
        from: {configMapKeyRef: {name: payments-a, key: region, optional: true}}
    - env:
        name: OLD_FLAG
        container: app
        remove: true
        from: {value: "1"}
    # This changes nothing: it is so already.
    # OLDFLAG is not in container app, where OLD_FLAG exists: is the name right?
    - env:
        name: OLDFLAG
        container: app
        remove: true
  # How long what may take (90s, 1m30s). These are the defaults; `auto` is worked out anew by every run.
  watch:
    readyWithin: auto  # 30 s here: in this time each canary pod is Ready, or the run goes back
    adoptWithin: 60s   # in this time the controller begins with the new revision
    hold: auto         # 60 s here: so long a canary stands Ready at a pause before it counts as proven
    bake: 5m           # so long the promoted revision is watched; a failure is moved back by a new rollout
  # Steps of this Rollout: setWeight 20 → pause → setWeight 60 → pause 2s → promotion.
  # What becomes of a canary that has proven itself, where the Rollout waits for a person (a pause without duration).
  #   steps: the run ends there (exit 12) and prints the commands to go on
  #   auto:  the pause is passed
  #   full:  promoted from there all the way, past further steps and analyses
  promotion: steps
  # What a failure before the promotion leads to.
  #   restore: abort, put the old values back, prove that stable serves (exit 10)
  #   abort:   abort and prove it; the new values stay in the spec (exit 15), for specs that Git owns
  #   hold:    write nothing and prove it (exit 15); needs a pause without duration
  onFailure: restore
  # A plan can say more (pointOfNoReturn, deadman, allow): cutover schema prints every key.
"""


def drafted(asked: NewPlanRequest, live: Any = ALONE, *, redactor: Redactor = REDACTOR, **spec: Any) -> NewPlan:
    rollout = rollout_view(
        changed(ROLLOUT, {"spec.template": live, **{f"spec.{key}": one for key, one in spec.items()}})
    )
    return new_plan(asked, Snapshot(TARGET, rollout), redactor, "to b.yaml")


def change(live: Any = ALONE, *, container: str = "", **flags: Any) -> EnvChange:
    (only,) = drafted(new_plan_request(NewPlanFlags("payments", container=container, **flags)), live).plan.changes
    assert isinstance(only, EnvChange)
    return only


def wrong(flags: NewPlanFlags) -> list[str]:
    with pytest.raises(UsageError) as raised:
        new_plan_request(flags)
    return [str(problem) for problem in raised.value.problems]


def test_the_whole_text() -> None:
    flags = NewPlanFlags(
        "payments",
        sets=("DATABSE_URL=debug", 'POD_NAME=one: 1 # "two"\n'),
        secrets=("DATABASE_URL=payments-db-b/url", "API_TOKEN=1/on"),
        configs=("REGION=payments-b/region",),
        removals=("OLD_FLAG", "OLDFLAG"),
    )
    assert drafted(new_plan_request(flags)).text == WHOLE


# -- where, and from what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "expects"),
    [
        ("DATABASE_URL", ExpectedSource(FromSecret("payments-db-a", "url"))),
        ("REGION", ExpectedSource(FromConfigMap("payments-a", "region", optional=True))),
        ("OLD_FLAG", ExpectedSource(LiteralValue(SecretText("1")))),
        ("NEW", ExpectedSource(None)),
        ("API_TOKEN", None),
        ("POD_NAME", None),
    ],
)
def test_what_stands_there_now_is_the_guard_where_a_plan_may_say_it(
    variable: str, expects: ExpectedSource | None
) -> None:
    assert change(sets=(f"{variable}=x",)).expects == expects


@pytest.mark.parametrize(
    "entry",
    [
        literal("X", "known-to-a-secret"),
        literal("X", "postgres://app:hunter2@db/x"),
        literal("X", "a\0b"),
        secret("X", "Not A Name", "url"),
        secret("X", "payments-db-a", ""),
    ],
    ids=["the value of a Secret", "a password inside of a URL", "no text", "no name", "no key"],
)
def test_what_no_plan_should_or_can_hold_is_left_out_and_the_plan_says_so(entry: Any) -> None:
    redactor = REDACTOR.knowing([SecretText("known-to-a-secret")])
    found = drafted(
        new_plan_request(NewPlanFlags("payments", sets=("X=y",))), template(container("app", entry)), redactor=redactor
    )
    assert "    # No `from`: " in found.text
    assert not any(word in found.text for word in ("known-to-a-secret", "hunter2", "Not A Name"))
    assert found.plan.changes == (EnvChange("X", LiteralValue(SecretText("y")), OneContainer("app")),)


@pytest.mark.parametrize(
    ("variable", "named", "home"),
    [("POOL_SIZE", "", "app"), ("OLD_FLAG", "proxy", "proxy"), ("NEW", "migrate", "migrate")],
    ids=["the one that holds it", "the named one of two", "the named one, where it is new"],
)
def test_the_container_of_a_change(variable: str, named: str, home: str) -> None:
    assert change(PAYMENTS, container=named, sets=(f"{variable}=x",)).where == OneContainer(home)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            {"removals": ("OLD_FLAG",)},
            "--container: OLD_FLAG stands in several containers: app, proxy\n  → name the one with --container",
        ),
        (
            {"sets": ("FEATURE_X=on",)},
            "--container: FEATURE_X is in none of app, proxy, migrate (init)\n  → name the one with --container",
        ),
        (
            {"sets": ("POOLSIZE=5",)},
            (
                "--container: POOLSIZE is in none of app, proxy, migrate (init)\n  → "
                "name the one with --container; or is it POOL_SIZE that you mean?"
            ),
        ),
        (
            {"sets": ("A=1", "B=2"), "container": "sidecar"},
            (
                '--container: expected a container of the Rollout, found "sidecar"\n'
                "  → name one of: app, proxy, migrate (init)"
            ),
        ),
    ],
    ids=["in several", "in none of several", "in none, but nearly", "no such container"],
)
def test_a_container_that_is_not_clear_is_refused(flags: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        drafted(new_plan_request(NewPlanFlags("payments", **flags)), PAYMENTS)
    assert str(raised.value) == message


def test_a_rollout_without_a_template_of_its_own_is_refused() -> None:
    with pytest.raises(RefusedError, match="C012: the Rollout's template has no containers"):
        drafted(new_plan_request(NewPlanFlags("payments", sets=("A=1",))), {})


def test_a_rollout_without_steps_says_why_there_are_none() -> None:
    found = drafted(new_plan_request(NewPlanFlags("payments", sets=("A=1",))), strategy={"blueGreen": {}})
    assert "  # Steps of this Rollout: none that a run can walk; the Rollout is not a canary of steps" in found.text


# -- the target --------------------------------------------------------------------------------------------------------


def test_a_target_says_only_what_is_named_otherwise() -> None:
    asked = new_plan_request(NewPlanFlags("pay.v2", namespace="shop", name="to-b", sets=("A=1",)))
    found = drafted(asked).plan
    assert (found.name, found.target) == ("to-b", Target("pay.v2", "shop", "pay-v2"))
    assert "    app: pay-v2\n    rollout: pay.v2\n    namespace: shop\n" in drafted(asked).text


def test_the_name_of_a_plan_is_a_label_however_long_the_name_of_the_app() -> None:
    name = drafted(new_plan_request(NewPlanFlags("a" * 55 + "-bcdefgh", sets=("A=1",)))).plan.name
    assert name == "a" * 55 + "-change"


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({}, "expected something to change, found none of --set, --set-secret, --set-config and --remove"),
        ({"sets": ("hunter2",)}, "--set: expected NAME=VALUE, found no '='"),
        ({"sets": ("=hunter2",)}, "--set: expected the name of an environment variable"),
        ({"sets": ("X=hunter2\udc80",)}, "--set X: expected text, found a character that no text can hold"),
        ({"sets": ("DB_PASSWORD=hunter2",)}, "--set DB_PASSWORD: the value looks like a credential"),
        ({"sets": ("DB=postgres://u:hunter2@db/x",)}, "--set DB: the value looks like a credential"),
        ({"secrets": ("X=hunter2",)}, "--set-secret: expected NAME=SECRET/KEY, found something else"),
        ({"secrets": ("hunter2/x",)}, "--set-secret: expected NAME=SECRET/KEY, found something else"),
        ({"secrets": ("X=Hunter2!/x",)}, "--set-secret X: expected the name of an object"),
        ({"configs": ("X=b/hunter2!",)}, "--set-config X: expected a key of a Secret or ConfigMap"),
        ({"removals": ("A=hunter2",)}, "--remove: expected the name of an environment variable"),
        ({"sets": ("X=1",), "removals": ("X",)}, "expected X once, found it 2 times"),
        ({"sets": ("X=1",), "name": "To B"}, "--name: expected a DNS label (lower-case letters, digits and '-', at"),
        ({"sets": ("X=1",), "container": "a.b"}, "--container: expected a DNS label"),
        ({"sets": ("X=1",), "namespace": "a.b"}, "-n: expected a DNS label"),
    ],
)
def test_a_command_line_that_no_plan_can_follow(flags: dict[str, Any], said: str) -> None:
    (problem,) = wrong(NewPlanFlags("payments", **flags))
    assert problem.startswith(said)
    assert "unter2" not in problem


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert len(wrong(NewPlanFlags("Payments", sets=("a",), secrets=("b",), name="C"))) == 5


def test_what_was_typed_is_in_no_repr() -> None:
    flags = NewPlanFlags("payments", sets=("A=hunter2",), secrets=("B=hunter2/x",))
    assert "hunter2" not in repr(flags) + repr(new_plan_request(NewPlanFlags("payments", sets=("A=hunter2",))))


# -- the law -----------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NAMES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="="), min_size=1, max_size=30)
LAW = settings(deadline=None, max_examples=200)


@LAW
@given(value=TEXTS, old=TEXTS, name=NAMES)
@example(value="1", old="on", name="on")
@example(value="", old="", name="~")
@example(value=" a: b ", old="# no comment", name=" # ")
@example(value="a\nb\n", old="\u2028\u2029\x85\ufeff\x7f\u00a0", name='"')
@example(value="\U0010ffff\U000e0001é✓", old="{[&*!|>%@`", name="- x: y")
def test_any_value_is_read_back_as_it_was(value: str, old: str, name: str) -> None:
    to: Settable = LiteralValue(SecretText(value))
    asked = NewPlanRequest("to-b", Target("payments", "payments", "payments"), "", (EnvChange(name, to),))
    found = drafted(asked, template(container("app", literal(name, old))))
    plan = load(found.text, "to b.yaml")
    guard = LiteralValue(SecretText(old))
    kept = REDACTOR.literal(name, guard.value) == old
    assert plan == found.plan
    assert plan.changes == (EnvChange(name, to, OneContainer("app"), ExpectedSource(guard) if kept else None),)


@LAW
@given(what=TEXTS)
@example(what="metadata.name\n  promotion: full")
def test_nothing_from_the_cluster_ends_a_comment(what: str) -> None:
    entry = {"name": "X", "valueFrom": {"fieldRef": {"fieldPath": what}}}
    found = drafted(new_plan_request(NewPlanFlags("payments", sets=("X=y",))), template(container("app", entry)))
    assert found.plan.changes == (EnvChange("X", LiteralValue(SecretText("y")), OneContainer("app")),)
    assert load(found.text, "").digest == found.plan.digest


@pytest.mark.parametrize(
    "text", ["on", "y", "null", "true", "1", "1e3", "0x1", "2026-01-01", "~", "", "a b", "-a", ".5"]
)
def test_a_word_that_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert word(text) == quoted(text) == f'"{text}"'


def test_a_word_is_left_alone() -> None:
    assert [word(text) for text in ("DATABASE_URL", "payments-db-b", "tls.crt")] == [
        "DATABASE_URL",
        "payments-db-b",
        "tls.crt",
    ]


def test_what_a_draft_cannot_hold_is_no_defect() -> None:
    """A container that no plan can name: the loader's own words."""
    with pytest.raises(CutoverError, match="a DNS label") as raised:
        drafted(new_plan_request(NewPlanFlags("payments", sets=("X=y",))), template(container("Not A Label")))
    assert raised.value.exit_code == 2
