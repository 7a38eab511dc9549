"""Finds the credentials that stand in a template itself."""

from cutover.core.base.documents import Json
from cutover.core.base.redaction import credentials_in
from cutover.core.base.secret_text import SecretText
from cutover.core.podtemplate.containers import containers
from cutover.core.podtemplate.env_source import LiteralValue


def credential_literals(template: Json) -> tuple[SecretText, ...]:
    """Return the credentials in the template itself: literals under a credential's name, and passwords in URLs."""
    entries = (entry for container in containers(template) for entry in container.env)
    literals = ((entry.name, entry.source.value) for entry in entries if isinstance(entry.source, LiteralValue))
    return tuple(part for name, value in literals for part in credentials_in(name, value))
