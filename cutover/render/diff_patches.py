"""Prints a plan's change for other tools: as a unified diff of YAML, as a JSON Patch, and as a patch of kustomize."""

import json
import textwrap
from typing import Any

import yaml

from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.harmless_text import is_harmless
from cutover.core.review.diff import Diff
from cutover.core.review.yaml_diff import yaml_diff


def diff_yaml(diff: Diff) -> str:
    """Return the unified diff alone, as `kubectl diff` prints one; empty if nothing changes."""
    return "".join(f"{line}\n" for line in yaml_diff(diff))


def diff_patch(diff: Diff) -> str:
    """Return the JSON Patch (RFC 6902) of the Rollout, its `test` operations included.

    Raises:
        UsageError: it would hold a masked value, and whoever applied it would write the mask.
    """
    return json.dumps(_operations(diff), indent=2, ensure_ascii=False) + "\n"


def diff_kustomize(diff: Diff) -> str:
    """Return an entry for `patches` of a kustomization.

    Raises:
        UsageError: as for `diff_patch`.
    """
    target = {"group": "argoproj.io", "version": "v1alpha1", "kind": "Rollout", "name": diff.target.rollout}
    wanted = _operations(diff)
    # What is spelled out on the screen would be another value in a plain scalar; in quotes YAML spells it as we do.
    plain = is_harmless(json.dumps(wanted, ensure_ascii=False))
    operations = yaml.safe_dump(wanted, sort_keys=False, allow_unicode=plain, width=1000)
    return f"patches:\n- target: {json.dumps(target)}\n  patch: |-\n{textwrap.indent(operations, '    ')}"


def _operations(diff: Diff) -> list[Any]:
    if diff.masked:
        problem = Problem(
            "the patch holds a value that is never shown, so it cannot be applied by another tool",
            path=str(diff.target),
            remedy="put the value into a Secret and let the plan refer to it; -o json and -o yaml are for reading",
        )
        raise UsageError(problem)
    return list(diff.patch)
