"""The diff for other readers: a comment on a pull request, and other tools."""

import json
from dataclasses import replace

import jsonpatch
import pytest
import yaml

from cutover.core.base.errors import UsageError
from cutover.core.base.redaction import Redactor
from cutover.core.checks.finding import Finding, Severity
from cutover.core.patch.resolve import resolve
from cutover.core.plan.changes import EnvChange
from cutover.core.podtemplate.env_source import FromSecret
from cutover.core.review.forecast import Forecast, Stage
from cutover.render.diff_markdown import diff_markdown
from cutover.render.diff_patches import diff_kustomize, diff_patch, diff_yaml
from tests.core.engine.stage import plan
from tests.core.podtemplate.documents import PAYMENTS, container, literal, template
from tests.core.review.test_diff import APP, diff, set_to

TO_B = EnvChange("DATABASE_URL", FromSecret("payments-db-b", "url"), APP)
LIVE = template(container("app", literal("A", "1"), literal("B", "x|y")))
FORECAST = Forecast((Stage("setWeight 20", 20, 1, 4, "each is Ready"),), 105.0, 4, 4, ("a failure is aborted",))
WARNING = Finding("C033", Severity.WARN, "Title", "the *message*.", "payments/rollout/payments", "do `this`")

MARKDOWN = """\
<!-- cutover diff: payments-to-pg16 on payments/payments -->

### Plan `payments-to-pg16` on rollout `payments/payments` in context `prod`: 1 edit

1 changed, 0 added, 0 removed, 0 other fields

|  | about | container | what | now | planned |
| --- | --- | --- | --- | --- | --- |
| changed | Environment | app | B | "x\\|y" | "&#60;b&#62; &#64;all" |

**What will happen**

|  | step | canary | stable | what is waited for |
| --- | --- | --- | --- | --- |
| 0 | setWeight 20 | 1 | 4 | each is Ready |

With a value that makes no pod Ready: aborted 105 s after the write at the latest, 4 of 4 stable pods serve.

- a failure is aborted

**Findings**

- C033 warn: the &#42;message&#42;. &#91;payments/rollout/payments&#93; → do &#96;this&#96;

<details><summary>Spec</summary>

```diff
--- live containers/app/env
+++ plan containers/app/env
@@ -1,4 +1,4 @@
 - name: A
   value: '1'
 - name: B
-  value: x|y
+  value: <b> @all
```

</details>

<details><summary>JSON Patch</summary>

```json
[
 {"op": "test", "path": "/spec/template/spec/containers/0/name", "value": "app"},
 {"op": "test", "path": "/spec/template/spec/containers/0/env/1", "value": {"name": "B", "value": "x|y"}},
 {"op": "replace", "path": "/spec/template/spec/containers/0/env/1", "value": {"name": "B", "value": "<b> @all"}}
]
```

</details>

Nothing was written.
"""


def test_the_whole_comment() -> None:
    found = replace(diff(set_to("B", "<b> @all"), live=LIVE, findings=(WARNING,)), forecast=FORECAST)
    assert diff_markdown(found) == MARKDOWN


def test_the_first_line_is_the_same_for_every_diff_of_a_plan_on_a_rollout() -> None:
    first, second = (diff_markdown(diff(set_to("POOL_SIZE", size))).splitlines()[0] for size in ("20", "10"))
    assert first == second


def test_a_plan_that_changes_nothing_is_a_short_comment() -> None:
    text = diff_markdown(diff(set_to("POOL_SIZE", "10")))
    assert "nothing to change" in text
    assert text.endswith("The live spec already is what the plan wants. Nothing was written.\n")
    assert "<details>" not in text


def test_a_refusal_is_told_at_the_end() -> None:
    text = diff_markdown(diff(TO_B, findings=(replace(WARNING, severity=Severity.REFUSE),)))
    assert text.endswith("Nothing was written. **`cutover apply` would refuse this plan: C033.**\n")


def test_no_value_can_end_its_fence_or_become_too_long_for_a_comment() -> None:
    text = diff_markdown(diff(set_to("B", "````\n" + "x" * 100_000), live=LIVE))
    assert "`````diff" in text
    assert "the rest is too long for a comment" in text
    assert len(text) < 65_536


def test_the_unified_yaml_is_the_hunks_and_nothing_else() -> None:
    lines = diff_yaml(diff(TO_B)).splitlines()
    assert lines[:2] == ["--- live containers/app/env", "+++ plan containers/app/env"]
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        "-      name: payments-db-a",
        "+      name: payments-db-b",
    ]
    assert diff_yaml(diff(set_to("POOL_SIZE", "10"))) == ""


def test_the_json_patch_leads_to_the_new_template() -> None:
    edits = resolve(replace(plan(), changes=(TO_B,)), PAYMENTS, Redactor(b"k"))
    operations = json.loads(diff_patch(diff(TO_B)))
    assert jsonpatch.apply_patch({"spec": {"template": PAYMENTS}}, operations) == {"spec": {"template": edits.after}}


def test_kustomize_gets_the_same_operations_for_the_rollout() -> None:
    (entry,) = yaml.safe_load(diff_kustomize(diff(TO_B)))["patches"]
    assert entry["target"] == {
        "group": "argoproj.io",
        "version": "v1alpha1",
        "kind": "Rollout",
        "name": "payments",
    }
    assert yaml.safe_load(entry["patch"]) == json.loads(diff_patch(diff(TO_B)))


@pytest.mark.parametrize("render", [diff_patch, diff_kustomize])
def test_a_mask_is_never_put_where_another_tool_would_write_it(render: object) -> None:
    found = diff(set_to("DB_PASSWORD", "hunter2"))
    assert callable(render)
    with pytest.raises(UsageError, match="holds a value that is never shown"):
        render(found)
    assert "hunter2" not in diff_yaml(found) + diff_markdown(found)
