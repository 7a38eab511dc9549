"""What is said of a plan of the wrong shape: everything at once, each with line, path, what was expected and found.

The spelling of YAML itself is in `test_strict_yaml`.
"""

import pytest

from cutover.core.plan.schema_errors import MANY
from tests.core.plan.texts import GOOD, changed, problems, with_env

EVERYTHING_AT_ONCE = """\
apiVersion: cutover.dev/v1
kind: CutoverPlan
metdata: {name: payments}
metadata: {name: Payments}
spec:
  targt: {app: payments}
  rehearsal: {scout: true}
  changes:
    - env: {name: FEATURE_X, value: on, container: app}
    - env: {name: FEATURE_X, value: "1", remove: true, mode: ad}
    - configMap: {name: payments-config}
  watch: {readyWithin: 0s, bake: 5}
  onFailure:
"""


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_lines() -> None:
    assert "\n".join(problems(EVERYTHING_AT_ONCE)) == (
        'plan.yaml:1: apiVersion: expected cutover.dev/v1alpha1, found "cutover.dev/v1"\n'
        "  → did you mean cutover.dev/v1alpha1?\n"
        "plan.yaml:3: metdata: expected one of the keys (apiVersion, kind, metadata, spec), found metdata\n"
        "  → did you mean metadata?\n"
        "plan.yaml:4: metadata.name: expected a DNS label (lower-case letters, digits and '-', at most 63 characters), "
        'found "Payments"\n'
        "  → correct it\n"
        "plan.yaml:6: spec.targt: expected one of the keys (target, changes, watch, promotion, onFailure, "
        "pointOfNoReturn, deadman, allow), found targt\n"
        "  → did you mean target?\n"
        "plan.yaml:7: spec.rehearsal: rehearsal is not supported by this version yet\n"
        "  → remove it\n"
        "plan.yaml:9: spec.changes[0].env.value: expected a string, found a boolean\n"
        "  → put it into quotes\n"
        "plan.yaml:10: spec.changes[1].env.remove: expected exactly one of value, secretKeyRef, configMapKeyRef, "
        "remove; found value, remove\n"
        "  → keep the one you mean\n"
        "plan.yaml:10: spec.changes[1].env.name: expected one change of FEATURE_X, found another in line 9\n"
        "  → keep one of the two, or name different containers\n"
        'plan.yaml:10: spec.changes[1].env.mode: expected set, replace or add, found "ad"\n'
        "  → did you mean add?\n"
        "plan.yaml:11: spec.changes[2].configMap: expected set or remove, found neither\n"
        "  → say which keys are to change\n"
        "plan.yaml:12: spec.watch.readyWithin: expected auto, or a duration like 90s or 1m30s, more than zero and at "
        'most 24h, found "0s"\n'
        "  → correct it\n"
        "plan.yaml:12: spec.watch.bake: expected a duration like 0s, 90s or 1m30s, at most 24h, found a number: 5\n"
        "  → give it a unit, like 5s\n"
        "plan.yaml:13: spec.onFailure: expected restore, abort or hold, found nothing\n"
        "  → give it a value, or remove the key"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("apiVersion: cutover.dev/v1alpha1\n", "", "plan.yaml:1: apiVersion: expected cutover.dev/v1alpha1, found not"),
        ("kind: CutoverPlan", "kind: Deployment", 'plan.yaml:2: kind: expected CutoverPlan, found "Deployment"'),
        ("kind: CutoverPlan", "kind: Runbook", "plan.yaml:2: kind: Runbook is not supported by this version yet"),
        ("kind: CutoverPlan", "kind: ReviewedPlan", "plan.yaml:2: kind: ReviewedPlan is not supported by this version"),
        ("  name: payments-to-pg16\n", "", "plan.yaml:3: metadata.name: expected a DNS label"),
        ("name: payments-to-pg16", f"name: {'a' * 64}", "plan.yaml:4: metadata.name: expected a DNS label"),
        ("app: payments\n", "app: pay.ments\n", "plan.yaml:8: spec.target.app: expected a DNS label"),
        ("app: payments\n", "rollout: payments\n", "plan.yaml:7: spec.target.app: expected a DNS label"),
        ("app: payments\n", 'app: payments\n    context: ""\n', "plan.yaml:9: spec.target.context: expected the name"),
        ("app: payments\n", "app: payments\n    namespace: a.b\n", "plan.yaml:9: spec.target.namespace: expected a DN"),
        ("  changes:\n", "  changes: []\n  chnges:\n", "plan.yaml:9: spec.changes: expected a list of at least one ch"),
        ("bake: 90s", "bake: 25h", "plan.yaml:17: spec.watch.bake: expected a duration like 0s, 90s or 1m30s, at most"),
        ("bake: 90s", "bake: auto", "plan.yaml:17: spec.watch.bake: expected a duration"),
        ("bake: 90s", 'bake: "0"', "plan.yaml:17: spec.watch.bake: expected a duration"),
        ("bake: 90s", "bake: -5s", "plan.yaml:17: spec.watch.bake: expected a duration"),
        ("bake: 90s", "bake: 1s 2s", "plan.yaml:17: spec.watch.bake: expected a duration"),
        ("bake: 90s", "adoptWithin: 0s", "plan.yaml:17: spec.watch.adoptWithin: expected a duration"),
        ("bake: 90s", "adoptWithin: auto", "plan.yaml:17: spec.watch.adoptWithin: expected a duration"),
        ("bake: 90s", "readyWithin: 0.0s", "plan.yaml:17: spec.watch.readyWithin: expected auto, or a duration"),
        ("bake: 90s", "gates: []", "plan.yaml:17: spec.watch.gates: gates is not supported by this version yet"),
        ("    bake: 90s", "    - bake", "plan.yaml:16: spec.watch: expected a mapping (keys: readyWithin, adoptWithin"),
    ],
)  # fmt: skip
def test_a_wrong_part_is_named_with_its_line_and_nothing_else_is(old: str, new: str, said: str) -> None:
    found = [problem for problem in problems(changed(old, new)) if "chnges" not in problem]
    assert len(found) == 1
    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ("{name: A=B, value: x}", "env.name: expected the name of an environment variable (printable ASCII"),
        ("{name: Ä, value: x}", "env.name: expected the name of an environment variable"),
        ('{name: "", value: x}', "env.name: expected the name of an environment variable"),
        ("{value: x}", "env.name: expected the name of an environment variable (printable ASCII without '='),"),
        ("{name: X}", "env: expected exactly one of value, secretKeyRef, configMapKeyRef, remove; found none"),
        ("{name: X, value: a, configMapKeyRef: {name: c, key: k}}", "env.configMapKeyRef: expected exactly one of"),
        ("{name: X, vale: a}", "env.vale: expected one of the keys (name, container, allContainers, value, secretKeyR"),
        ("{name: X, value: 1}", "env.value: expected a string, found a number"),
        ("{name: X, value: }", "env.value: expected a string, found nothing"),
        ("{name: X, value: [a]}", "env.value: expected a string, found a list"),
        ("{name: X, remove: false}", "env.remove: expected true, or nothing, found false"),
        ("{name: X, remove: yes}", "env.remove: expected true, or nothing, found a boolean: yes"),
        ("{name: X, value: a, allContainers: false}", "env.allContainers: expected true, or nothing, found false"),
        ("{name: X, value: a, container: c, allContainers: true}", "env.allContainers: expected container or allConta"),
        ("{name: X, value: a, container: A}", "env.container: expected a DNS label"),
        ("{name: X, secretKeyRef: s/k}", "env.secretKeyRef: expected a mapping (keys: name, key, optional), found a s"),
        ("{name: X, secretKeyRef: {name: S, key: k}}", "env.secretKeyRef.name: expected the name of an object"),
        ("{name: X, secretKeyRef: {name: s}}", "env.secretKeyRef.key: expected a key of a Secret or ConfigMap"),
        ("{name: X, secretKeyRef: {name: s, key: ..k}}", "env.secretKeyRef.key: expected a key of a Secret or ConfigM"),
        ("{name: X, secretKeyRef: {name: s, key: .}}", "env.secretKeyRef.key: expected a key of a Secret or ConfigMap"),
        ("{name: X, secretKeyRef: {name: s, key: a b}}", "env.secretKeyRef.key: expected a key of a Secret or ConfigM"),
        ("{name: X, secretKeyRef: {name: s, key: k, optional: maybe}}", "env.secretKeyRef.optional: expected true or"),
        ("{name: X, value: a, from: {}}", "env.from: expected exactly one of value, secretKeyRef, configMapKeyRef, ab"),
        ("{name: X, value: a, from: {absent: false}}", "env.from.absent: expected true, or nothing, found false"),
        ("{name: X, value: a, from: {value: b, absent: true}}", "env.from.absent: expected exactly one of value,"),
        ("{name: X, value: a, from: {remove: true}}", "env.from.remove: expected one of the keys (value, secretKeyRef"),
        ("{name: X, remove: true, mode: replace}", "env.mode: expected no mode beside remove, found one"),
        ("{name: X, remove: true, mode: add}", "env.mode: expected no mode beside remove, found one"),
        ("{name: X, remove: true, from: {absent: true}}", "env.from: expected an old value to remove, found absent: t"),
        ("{name: X, value: a, mode: add, from: {value: b}}", "env.from: expected no old value with mode: add, found o"),
        ("{name: X, value: a, mode: replace, from: {absent: true}}", "env.from: expected an old value with mode: repl"),
        ("hunter2", "env: expected a mapping (keys: name, container, allContainers, value, secretKeyRef, configMapKey"),
    ],
)  # fmt: skip
def test_a_wrong_change_is_named_once(env: str, said: str) -> None:
    (found,) = problems(with_env(env))
    assert found.startswith(f"plan.yaml:10: spec.changes[0].{said}")


@pytest.mark.parametrize("key", ["rehearsal", "expect"])
def test_a_key_of_a_later_version_is_no_misspelling(key: str) -> None:
    assert problems(f"{GOOD}  {key}: {{}}\n") == [
        f"plan.yaml:18: spec.{key}: {key} is not supported by this version yet\n  → remove it"
    ]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("container: a", "container: a", True),
        ("container: a", "container: b", False),
        ("container: a", "allContainers: true", True),
        ("allContainers: true", "container: a", True),
        ("container: a", "mode: set", True),
        ("mode: set", "mode: set", True),
    ],
)
def test_two_changes_that_may_be_about_one_leaf_are_refused_with_both_lines(
    one: str, other: str, *, clash: bool
) -> None:
    first = f"{{name: X, value: a, {one}}}"
    text = with_env(f"{first}\n    - env: {{name: X, value: b, {other}}}\n    - env: {{name: Z, value: c}}")
    expected = (
        "plan.yaml:11: spec.changes[1].env.name: expected one change of X, found another in line 10\n"
        "  → keep one of the two, or name different containers"
    )
    assert problems(text) == ([expected] if clash else [])


def test_a_value_that_may_be_a_secret_is_not_quoted_back() -> None:
    for env in (
        "{name: X, value: 271828}",
        "hunter2",
        "{name: X, secretKeyRef: hunter2}",
        "{name: X, value: {a: hunter2}}",
    ):
        said = "\n".join(problems(with_env(env)))
        assert said
        assert "271828" not in said
        assert "hunter2" not in said


def test_more_problems_than_anybody_reads_are_cut_off_and_that_is_said() -> None:
    found = problems("".join(f"key{number}: x\n" for number in range(5000)))
    assert len(found) == MANY + 1
    assert found[-1] == "plan.yaml:97: there are more problems than these\n  → correct these first"


def test_text_of_the_plan_in_a_message_stays_on_its_line() -> None:
    (found,) = problems(changed("metadata:", f'"a\\n\\e[31mb{"c" * 200}": x\nmetadata:'))
    line, remedy = found.splitlines()
    assert remedy == "  → remove it"
    assert line.isprintable()
    assert len(line) < 250
