"""`cutover diff`: what a plan would change, and what stands against it."""

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import ContextOption, Kubeconfig, Namespace, PlanFile
from cutover.cli.shared.output import say
from cutover.core.base.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cutover.commands.evaluate import Evaluation
    from cutover.core.review.diff import Diff


class DiffOutput(StrEnum):
    """The formats of `cutover diff -o`."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    YAML = "yaml"
    PATCH = "patch"
    KUSTOMIZE = "kustomize"


DiffFormat = Annotated[
    DiffOutput,
    typer.Option(
        "--output", "-o", help="text; one JSON document; a comment for a pull request; or the change for other tools."
    ),
]

EPILOG = """\b
Examples:
  cutover diff plan.yaml               for a reviewer
  cutover diff plan.yaml -o json       for a machine
  cutover diff plan.yaml -o markdown   as a comment on a pull request; its first line is a marker to replace it by
  cutover diff plan.yaml -o yaml       the changed YAML alone, like kubectl diff
  cutover diff plan.yaml -o patch      the JSON Patch, and -o kustomize the same for a kustomization
  cutover diff plan.yaml --exit-code   6 where the plan changes something, 0 where it does not
  cutover diff plan.yaml --live rollout.yaml   without a cluster; says what it could not check
  cutover diff plan.yaml --out reviewed.json   keeps what was reviewed: `cutover apply reviewed.json` does just that
"""


def diff(
    file: PlanFile,
    *,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 6 if there are differences; findings never change it.")
    ] = False,
    context: ContextOption = "",
    namespace: Namespace = "",
    kubeconfig: Kubeconfig = "",
    output: DiffFormat = DiffOutput.TEXT,
    live: Annotated[
        list[str] | None,
        typer.Option("--live", metavar="FILE", help="Judge on these files (Rollout, ConfigMaps …), without a cluster."),
    ] = None,
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="Keep what was reviewed, for `cutover apply FILE`.")
    ] = "",
    valid_for: Annotated[
        str, typer.Option("--valid-for", metavar="DURATION", help="How long what was reviewed may be applied.")
    ] = "24h",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of --out.")] = False,
) -> None:
    """Show a plan against the live spec, for review.

    With everything that the checks find. Writes nothing.
    """
    with guarded(output, "CutoverDiff"):
        keep = _keep(out, valid_for, force=force)
        text, differs = _diff(file, (kubeconfig, context, namespace), tuple(live or ()), output, keep)
        say(text, line=False)
        raise typer.Exit(_differences_found() if exit_code and differs else 0)


@frozen
class Keep:
    """Where the review is saved (nowhere if `file` is empty), and for how many seconds it may be applied."""

    file: str
    seconds: float
    force: bool


def _keep(out: str, valid_for: str, *, force: bool) -> Keep:
    from cutover.cli.shared.timeouts import duration_seconds

    return Keep(out, duration_seconds("--valid-for", valid_for), force)


def _diff(
    file: str, cluster: tuple[str, str, str], live: tuple[str, ...], output: DiffOutput, keep: Keep
) -> tuple[str, bool]:
    judge = _begun(file, cluster, live)
    from cutover.commands.diff import reviewer_diff, save_review

    evaluation = judge()
    if keep.file:
        save_review(evaluation, keep.file, valid_for=keep.seconds, overwrite=keep.force)
    difference = reviewer_diff(evaluation)
    return _renderers()[output](difference), difference.differs


def _begun(file: str, cluster: tuple[str, str, str], live: tuple[str, ...]) -> "Callable[[], Evaluation]":
    """Return the function that evaluates the plan. With a cluster, reading starts now, while more code is loaded."""
    if live:
        from cutover.commands.offline import evaluate_offline

        return partial(evaluate_offline, file, live)
    from cutover.commands.connect import ClusterFlags, connect_plan, start_snapshot
    from cutover.commands.load_plan import load_file

    begun = start_snapshot(connect_plan(load_file(file), ClusterFlags(*cluster)))
    from cutover.commands.dry_run import with_admission
    from cutover.commands.evaluate import evaluate_started

    return lambda: with_admission(evaluate_started(begun))


def _renderers() -> "Mapping[DiffOutput, Callable[[Diff], str]]":
    from cutover.render import diff_json, diff_markdown, diff_patches, diff_text

    return {
        DiffOutput.TEXT: diff_text.diff_text,
        DiffOutput.JSON: diff_json.diff_json,
        DiffOutput.MARKDOWN: diff_markdown.diff_markdown,
        DiffOutput.YAML: diff_patches.diff_yaml,
        DiffOutput.PATCH: diff_patches.diff_patch,
        DiffOutput.KUSTOMIZE: diff_patches.diff_kustomize,
    }


def _differences_found() -> int:
    from cutover.core.base.outcomes import DIFFERENCES_FOUND

    return DIFFERENCES_FOUND
