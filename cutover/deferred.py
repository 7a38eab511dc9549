"""Deferring the import of modules that the Kubernetes client imports for a kind of login or a feature hardly ever used.

They are loaded when something of them is used. Beside each stands how much more of the processor `cutover status` took
without its line (medians of 14 runs in turn, 114 ms with all lines); without any it took 73 ms more. What is worth less
than 3 ms, alone or with those beside it, is not deferred.

Whoever uses such a module gets the real one (for a promised class or function, a stand-in that calls it and answers
`isinstance`), loaded by Python's import: an error in it is raised as itself, each time anew, and threads wait for each
other in Python's import locks. `importlib.util.LazyLoader` is not enough: it loads a
module at the first `from module import name`, which is how the client imports two of these; if a module in a package
is imported first, that one is loaded twice; and whoever asks again after an error (in Python 3.11.7 also a second
thread) gets a module that is half loaded.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

DEFERRED: Final[dict[str, tuple[str, ...]]] = {
    "importlib.metadata": ("entry_points", "version"),  # 5 ms: asked for plugins only
    "kubernetes.client.api_client": ("ApiClient",),  # 44 ms
    "kubernetes.dynamic": (),  # 5 ms, with the next three
    "kubernetes.informer": (),
    "kubernetes.leaderelection": (),
    "kubernetes.watch": (),
    "kubernetes.stream": (),  # 21 ms: web sockets
    "oauthlib.oauth2": (),  # 6 ms
    "requests_oauthlib": ("OAuth2Session",),  # 23 ms: `requests`
}
"""Each module, and the classes and functions that others import from it by name: promised, and loaded when used."""

_WAITING: Final[dict[str, ModuleType]] = {}
"""The modules that wait, by the name under which the import of each one's code is a module of its own for Python."""


def defer() -> None:
    """Defer the modules of `DEFERRED` from now on; those that are loaded already stay as they are."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds what Python would find, but gives a deferred module a loader that waits."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in _WAITING:
            return ModuleSpec(fullname, _loader(_Code(_WAITING[fullname])))
        parent = sys.modules.get(fullname.rpartition(".")[0])
        if type(parent) is _Deferred:
            __import__(_code_of(parent))  # a package's code runs before that of a module in it, and may import that
            if fullname in sys.modules:
                _There(sys.modules[fullname])
                return sys.modules[fullname].__spec__
        if fullname not in DEFERRED or target:  # a target is there to be loaded again
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec and spec.loader:
            spec.loader = _loader(_Late(spec.loader))
        return spec


def _loader(loader: Any) -> "Loader":
    """Return it as a `Loader`, of which it is no subclass: importing `importlib.abc` would cost more than is saved."""
    return cast("Loader", loader)


class _Late:
    """A loader that leaves a module empty until something of it is used."""

    def __init__(self, loader: "Loader") -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__loader__"] = self._loader
        if module.__spec__:
            module.__spec__.loader = self._loader
        _WAITING[_code_of(module)] = module
        module.__class__ = _Deferred


class _Deferred(ModuleType):
    """A module whose code has not run yet; it runs when an attribute is accessed."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("__spec__", "__path__"):  # for these Python asks where the module is imported by others
            return ModuleType.__getattribute__(self, name)
        if name in DEFERRED[ModuleType.__getattribute__(self, "__name__")]:
            return _Promise(self, name)
        __import__(_code_of(self))
        return ModuleType.__getattribute__(self, name)


def _code_of(module: ModuleType) -> str:
    return f"deferred {id(module)}"


class _Code:
    """The loader of a deferred module's code. Python calls it once, in one thread, and again if it has failed."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def create_module(self, _spec: ModuleSpec) -> None:
        return None

    def exec_module(self, _module: ModuleType) -> None:
        spec = self._module.__spec__
        if spec and spec.loader:
            spec.loader.exec_module(self._module)
        self._module.__class__ = ModuleType


class _There:
    """The loader of a module that is there already, for an import that is not told so. It lends it a spec meanwhile."""

    def __init__(self, module: ModuleType) -> None:
        self._module, self._spec = module, module.__spec__
        module.__spec__ = ModuleSpec(module.__name__, _loader(self))

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


class _Promise:
    """Stands for a class of a deferred module until it is called, asked about, or derived from."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self._module, self._name = module, name

    def _real(self) -> Any:
        __import__(_code_of(self._module))
        return getattr(self._module, self._name)

    def __call__(self, *values: Any, **named: Any) -> Any:
        return self._real()(*values, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    @property
    def __bases__(self) -> tuple[type, ...]:
        return (self._real(),)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self._real())

    def __subclasscheck__(self, other: type) -> bool:
        return issubclass(other, self._real())

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (self._real(),)
