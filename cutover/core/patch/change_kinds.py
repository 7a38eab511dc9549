"""The kinds of change that a plan can hold, a row each: its key, its value, and what it does to a template."""

from typing import Final

from cutover.core.patch.config_copies import found
from cutover.core.patch.env_changes import turns
from cutover.core.patch.planned import ChangeKind, Live, Objection, Turn
from cutover.core.patch.raw_patch import amendments
from cutover.core.plan.changes import (
    ConfigMapChange,
    DatabaseChange,
    EnvChange,
    OidcChange,
    PatchChange,
    SecretChange,
)


def _of_its_variable(change: DatabaseChange | OidcChange, live: Live) -> tuple[Turn | Objection, ...]:
    """What becomes of the variable that holds the address."""
    return turns(change.env, live)


ALL: Final = (
    ChangeKind("env", EnvChange, turns),
    ChangeKind("configMap", ConfigMapChange, found),
    ChangeKind("secret", SecretChange, found),
    ChangeKind("database", DatabaseChange, _of_its_variable),
    ChangeKind("oidc", OidcChange, _of_its_variable),
    ChangeKind("patch", PatchChange, amendments),
)
