"""`cutover init`: a plan to begin with, made from the live Rollout."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import AppArgument, AppNamespace, ContextOption, Force, Kubeconfig, Out, Output
from cutover.cli.shared.screen import show_draft

EPILOG = """\b
Examples:
  cutover init payments --set FEATURE_X=on > plan.yaml
  cutover init payments --set-secret DATABASE_URL=payments-db-b/url --out plan.yaml
  cutover init payments --set-config REGION=payments-b/region --remove OLD_FLAG --container app
A value that is a credential belongs into a Secret: --set refuses it.
"""

_SEVERAL: Final[Mapping[str, Any]] = {"default_factory": list, "show_default": False}
Sets = Annotated[
    list[str], typer.Option("--set", metavar="NAME=VALUE", help="Set a variable to this text.", **_SEVERAL)
]
Secrets = Annotated[
    list[str], typer.Option("--set-secret", metavar="NAME=SECRET/KEY", help="To a key of a Secret.", **_SEVERAL)
]
ConfigOptions = Annotated[
    list[str], typer.Option("--set-config", metavar="NAME=CONFIGMAP/KEY", help="To a key of a ConfigMap.", **_SEVERAL)
]
Removals = Annotated[list[str], typer.Option("--remove", metavar="NAME", help="Take a variable away.", **_SEVERAL)]
ContainerOption = Annotated[
    str, typer.Option("--container", metavar="NAME", help="The container, where it is not clear which one.")
]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="The plan's name; APP-change where none is given.")]


def init(
    app: AppArgument,
    *,
    sets: Sets,
    secrets: Secrets,
    configs: ConfigOptions,
    removals: Removals,
    container: ContainerOption = "",
    name: Name = "",
    out: Out = "",
    force: Force = False,
    namespace: AppNamespace = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
) -> None:
    """Write a plan to begin with, from the live Rollout.

    Each change is guarded by what stands there now; comments say what the parts mean. Each of --set, --set-secret,
    --set-config and --remove may be given several times. Writes nothing to the cluster.
    """
    with guarded(Output.TEXT, "CutoverPlan"):
        from cutover.commands.init import InitOptions, init_plan
        from cutover.core.review.new_plan_flags import NewPlanFlags

        changes = (tuple(sets), tuple(secrets), tuple(configs), tuple(removals))
        flags = NewPlanFlags(app, namespace, name, container, *changes)
        show_draft(init_plan(InitOptions(flags, kubeconfig, context, out, force)), out)
