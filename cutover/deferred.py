"""Deferring the import of modules that libraries import but a run hardly ever uses, until something of them is used.

Together they are a quarter of what `cutover diff` would load: deepdiff imports asyncio for a cache, pydantic the list
of installed packages, the Kubernetes client OAuth for one kind of login, and always its watches, its dynamic client,
its informers and web sockets. Mercurial does the same (`hgdemandimport`). Code that uses such a module gets the real
one.
"""

import sys
from collections.abc import Sequence
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
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
"""Each module, and the classes that others import from it by name: they are promised, and loaded once called."""


def defer() -> None:
    """Defer the modules of `DEFERRED` from now on; those that are loaded already stay as they are."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds what Python would find, but gives a deferred module a loader that waits."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in DEFERRED:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            # Not a subclass of `importlib.abc.Loader`: importing that would cost more than is saved here.
            spec.loader = cast("Loader", _Late(spec.loader, DEFERRED[fullname]))
        return spec


class _Late:
    """A loader that leaves a module empty until an attribute of it is accessed (module `__getattr__`, PEP 562)."""

    def __init__(self, loader: "Loader", promised: tuple[str, ...]) -> None:
        self._loader, self._promised = loader, promised
        self._lock, self._begun = RLock(), False

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__getattr__"] = partial(self._missed, module)

    def _missed(self, module: ModuleType, name: str) -> Any:
        if name in self._promised:
            return partial(self._keep, module, name)
        if name.startswith("__"):
            raise AttributeError(name)  # only the import system asks for such a name
        return self._loaded(module, name)

    def _keep(self, module: ModuleType, name: str, *values: Any, **named: Any) -> Any:
        return self._loaded(module, name)(*values, **named)

    def _loaded(self, module: ModuleType, name: str) -> Any:
        """The attribute of the module, which is loaded first; other threads wait until that is done."""
        with self._lock:
            if not self._begun:
                self._begun = True
                self._loader.exec_module(module)
                vars(module).pop("__getattr__", None)
        try:
            return vars(module)[name]
        except KeyError:
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}") from None
