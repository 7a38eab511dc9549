"""Changes of kind `oidc`: the variable that holds the issuer of an identity provider."""

from typing import Final

from cutover.core.patch.env_changes import turns
from cutover.core.patch.planned import ChangeKind, Live, Objection, Turn
from cutover.core.plan.changes import OidcChange


def _found(change: OidcChange, live: Live) -> tuple[Turn | Objection, ...]:
    return turns(change.env, live)


OIDC: Final = ChangeKind(name="oidc", model=OidcChange, found=_found)
