"""Deferring the import of modules that libraries import but a run hardly ever uses, until something of them is used.

Together they are more than half of what `cutover status` would load (0.38 s of processor time instead of 0.16 s):
deepdiff imports asyncio for a cache, pydantic the list of installed packages, the Kubernetes client OAuth for one kind
of login, and always its watches, its dynamic client, its informers and web sockets. Mercurial does the same
(`hgdemandimport`). Code that uses such a module gets the real one, loaded as Python loads every module: an error in it
is raised as itself, and threads wait for each other in Python's own import locks.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

DEFERRED: Final = {
    "asyncio": (),
    "importlib.metadata": ("entry_points", "version"),
    "kubernetes.client.api_client": ("ApiClient",),
    "kubernetes.dynamic": (),
    "kubernetes.informer": (),
    "kubernetes.leaderelection": (),
    "kubernetes.stream": (),
    "kubernetes.utils": (),
    "kubernetes.watch": (),
    "oauthlib.oauth2": (),
    "requests_oauthlib": ("OAuth2Session",),
}
"""Each module, and what others import from it by name: that is promised, and loaded once it is used."""

_OF_THE_IMPORT: Final = frozenset({"__path__", "__all__", "__file__", "__wrapped__"})
"""Names for which the import system and `inspect` ask every module, whether it has them or not."""


def defer() -> None:
    """Defer the modules of `DEFERRED` from now on; those that are loaded already stay as they are."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds what Python would find, but gives a deferred module, the first time, a loader that waits."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in DEFERRED or fullname in self._seen:
            return None
        self._seen.add(fullname)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            # Not a subclass of `importlib.abc.Loader`: importing that would cost more than is saved here.
            spec.loader = cast("Loader", _Late(spec.loader, DEFERRED[fullname]))
        return spec


class _Late:
    """A loader that leaves a module empty until an attribute of it is accessed (module `__getattr__`, PEP 562)."""

    def __init__(self, loader: "Loader", promised: tuple[str, ...]) -> None:
        self._loader, self._promised = loader, promised

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        def missed(name: str) -> Any:
            if name in self._promised:
                return _Promise(module, name)
            if name in _OF_THE_IMPORT:
                raise AttributeError(name)
            return getattr(_real(module), name)

        vars(module)["__getattr__"] = missed


def _real(empty: ModuleType) -> ModuleType:
    """Return the real module, imported as any other in place of the empty one, whose submodules it takes over."""
    if sys.modules.get(empty.__name__) is empty:
        sys.modules.pop(empty.__name__, None)
    real = import_module(empty.__name__)
    submodules = {name: value for name, value in vars(empty).items() if isinstance(value, ModuleType)}
    vars(real).update({name: value for name, value in submodules.items() if name not in vars(real)})
    return real


class _Promise:
    """Stands for a class or function of a deferred module until it is called, asked about, or derived from."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self._module, self._name = module, name

    def _kept(self) -> Any:
        return getattr(_real(self._module), self._name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._kept()(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept(), name)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self._kept())

    def __subclasscheck__(self, other: type) -> bool:
        return issubclass(other, self._kept())

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (self._kept(),)
