"""The table of the kinds of change that a plan can hold: key, model, and the function that resolves one."""

from typing import Final

from cutover.core.patch.config_copies import config_changes
from cutover.core.patch.edit import EnvEdit
from cutover.core.patch.env_changes import env_edits
from cutover.core.patch.planned import ChangeKind, Rejection, ResolveContext
from cutover.core.patch.raw_patch import raw_patches
from cutover.core.plan.changes import (
    ConfigMapChange,
    DatabaseChange,
    EnvChange,
    OidcChange,
    PatchChange,
    SecretChange,
)


def _of_its_variable(change: DatabaseChange | OidcChange, context: ResolveContext) -> tuple[EnvEdit | Rejection, ...]:
    """Resolve the change of the variable that holds the address, as a change of kind `env` is resolved."""
    return env_edits(change.env, context)


ALL: Final = (
    ChangeKind("env", EnvChange, env_edits),
    ChangeKind("configMap", ConfigMapChange, config_changes),
    ChangeKind("secret", SecretChange, config_changes),
    ChangeKind("database", DatabaseChange, _of_its_variable),
    ChangeKind("oidc", OidcChange, _of_its_variable),
    ChangeKind("patch", PatchChange, raw_patches),
)
