"""`cutover gc`: remove the copies of ConfigMaps and Secrets that nothing refers to any more."""

from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import AppNamespace, ContextOption, DryRun, Kubeconfig, Output, OutputFormat
from cutover.cli.shared.output import say
from cutover.cli.shared.screen import progress

EPILOG = """\b
Examples:
  cutover gc payments --dry-run   what would go from the namespace payments, and what stays and why
  cutover gc payments             remove it
  cutover gc -n shop -o json      from the namespace shop, as one JSON document
\b
Exit codes: 0 done or nothing to do, 3 refused, 7 no cluster, 14 an answer was lost: run it again.
Takes the rights to list and delete configmaps and secrets and to list leases, pods, replicasets, deployments,
statefulsets, daemonsets, jobs, cronjobs, rollouts and experiments; more than a run does, so `cutover rbac` grants
them to nobody.
"""

AppsNamespace = Annotated[str, typer.Argument(metavar="APP", help="The application whose namespace is meant.")]


def gc(
    app: AppsNamespace = "",
    *,
    dry_run: DryRun = False,
    namespace: AppNamespace = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """Remove copies of ConfigMaps and Secrets that nothing uses.

    Of the copies that runs of cutover made in a namespace: those that no pod template there refers to, old ReplicaSets'
    included, and that no run under way may still need. References from elsewhere (an Ingress, a ServiceAccount, Git)
    are not looked at.
    """
    with guarded(output, "CutoverCollection"):
        from cutover.commands.connect import AppFlags
        from cutover.commands.gc import collect
        from cutover.render.gc import gc_json, gc_text

        with progress() as screen:
            collection = collect(
                AppFlags(app, namespace, kubeconfig, context), dry_run=dry_run, listeners=(screen.tell,)
            )
        say((gc_json if output is Output.JSON else gc_text)(collection), line=False)
        raise typer.Exit(collection.exit_code)
