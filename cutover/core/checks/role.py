"""The rights of a run as the rules of a Role: those of one purpose together."""

from collections.abc import Iterable
from dataclasses import replace

from cutover.core.base.frozen import frozen
from cutover.core.checks.rbac import Right


@frozen
class Rule:
    """Rights of one purpose taken together, as a Role grants them; `resources` include the subresource."""

    group: str
    resources: tuple[str, ...]
    why: str
    required: bool
    verbs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((", ".join(self.verbs), ", ".join(self.resources), ", ".join(self.names))).strip()


def rules_of(rights: Iterable[Right]) -> tuple[Rule, ...]:
    """The rights as rules, in their order."""
    together: dict[Rule, list[Right]] = {}
    for right in rights:
        together.setdefault(_rule(right), []).append(right)
    rules = (
        replace(rule, verbs=_each(right.verb for right in held), names=_each(right.name for right in held))
        for rule, held in together.items()
    )
    return _joined(rules)


def _joined(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules that differ in nothing but their resources as one."""
    together: dict[Rule, list[str]] = {}
    for rule in rules:
        together.setdefault(replace(rule, resources=()), []).extend(rule.resources)
    return tuple(replace(rule, resources=tuple(resources)) for rule, resources in together.items())


def _rule(right: Right) -> Rule:
    resource = "/".join(part for part in (right.resource, right.subresource) if part)
    return Rule(right.group, (resource,), right.why, right.required)


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
