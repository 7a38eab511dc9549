"""Changes of kind `oidc`: the variable that holds the issuer of an identity provider."""

from typing import Final

from cutover.core.plan.change import OidcChange
from cutover.core.turns import ChangeKind, Live, Objection, Turn
from cutover.core.variables import turns


def _found(change: OidcChange, live: Live) -> tuple[Turn | Objection, ...]:
    return turns(change.env, live)


OIDC: Final = ChangeKind(name="oidc", model=OidcChange, found=_found)
