"""A plugin of mypy: text of the cluster is not formatted, for that would show a placeholder instead of the text.

In mypy's eyes an f-string is a call of `str.format`.
"""

from collections.abc import Callable
from typing import Final

from mypy.plugin import FunctionContext, MethodContext, Plugin
from mypy.types import Instance, Type, UnionType, get_proper_type

_QUOTING: Final = frozenset({"cutover.core.base.cluster_text.ClusterText", "cutover.core.base.cluster_text.Sentence"})
_FORMATTING: Final = frozenset({"builtins.str.format", "builtins.str.__mod__"})
_MESSAGE: Final = "text of the cluster is not formatted: make a sentence() of it, which Redactor.words shows"


class Quotations(Plugin):
    """Refuses `f"{text}"`, `"{}".format(text)`, `"%s" % text` and `str(text)` for a text of the cluster."""

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """Look at what is formatted."""
        return _judged if fullname in _FORMATTING else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """Look at what is made a string."""
        return _judged if fullname == "builtins.str" else None


def _judged(context: MethodContext | FunctionContext) -> Type:
    if any(_quotes(kind) for kinds in context.arg_types for kind in kinds):
        context.api.fail(_MESSAGE, context.context)
    return context.default_return_type


def _quotes(kind: Type) -> bool:
    proper = get_proper_type(kind)
    if isinstance(proper, UnionType):
        return any(map(_quotes, proper.items))
    return isinstance(proper, Instance) and proper.type.fullname in _QUOTING


def plugin(_version: str) -> type[Plugin]:
    """Return the plugin, as mypy asks for it."""
    return Quotations
