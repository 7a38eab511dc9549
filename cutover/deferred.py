"""Modules that libraries import and that a run hardly ever uses: they are loaded when something of them is used.

Together they are a quarter of what `cutover diff` would load: deepdiff brings asyncio for a cache, pydantic the list of
installed packages, the Kubernetes client OAuth for one kind of login, and always its watches, its dynamic client, its
informers and web sockets. Mercurial does the same (`hgdemandimport`). Who uses one gets the real one, and notices
nothing.
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
    """From now on the modules of `DEFERRED` are loaded late; those that are loaded already stay so."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds what Python would find, with a loader that waits."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in DEFERRED:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            # A loader by its methods: the base class of `importlib.abc` would load more than is spared here.
            spec.loader = cast("Loader", _Late(spec.loader, DEFERRED[fullname]))
        return spec


class _Late:
    """Leaves a module empty until an attribute of it is missed (PEP 562)."""

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
            raise AttributeError(name)  # the import system looks at a module; nobody uses it
        return self._loaded(module, name)

    def _keep(self, module: ModuleType, name: str, *given: Any, **named: Any) -> Any:
        return self._loaded(module, name)(*given, **named)

    def _loaded(self, module: ModuleType, name: str) -> Any:
        """The attribute of the real module; other threads wait until it is whole."""
        with self._lock:
            if not self._begun:
                self._begun = True
                self._loader.exec_module(module)
                vars(module).pop("__getattr__", None)
        try:
            return vars(module)[name]
        except KeyError:
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}") from None
