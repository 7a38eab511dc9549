"""What is asked of a plan and files of live objects: every command and format that needs no cluster."""

from typing import Final

from tests.goldens.case import GoldenCase, case

DIFFS: Final = ("text", "json", "markdown", "yaml", "patch", "kustomize")
CHECKS: Final = ("text", "json", "sarif")


def all_runs(plan: str, lives: tuple[str, ...], prefix: str = "") -> tuple[GoldenCase, ...]:
    """Everything, in every format."""
    return (*_of_the_plan(plan, prefix), *diff_runs(plan, lives, prefix))


def _of_the_plan(plan: str, prefix: str) -> tuple[GoldenCase, ...]:
    return (
        case(f"{prefix}validate", "validate", plan),
        case(f"{prefix}validate-json", "validate", plan, "-o", "json"),
        case(f"{prefix}rbac", "rbac", plan),
        case(f"{prefix}rbac-minimal", "rbac", plan, "--minimal", "-o", "yaml"),
        *(case(f"{prefix}check-{output}", "check", plan, "-o", output) for output in CHECKS),
    )


def diff_runs(plan: str, lives: tuple[str, ...], prefix: str = "") -> tuple[GoldenCase, ...]:
    """The diff on files, in every format; with an exit code, and kept for an apply."""
    files = tuple(word for live in lives for word in ("--live", live))
    diffs = (case(f"{prefix}diff-{output}", "diff", plan, *files, "-o", output) for output in DIFFS)
    return (
        *diffs,
        case(f"{prefix}diff-exit-code", "diff", plan, *files, "--exit-code"),
        case(f"{prefix}diff-out", "diff", plan, *files, "--out", "kept.json", keeps="kept.json"),
    )
