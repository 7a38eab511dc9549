"""Readiness: each dependency is asked with a limit below the kubelet's one second, and every change is logged."""

import threading
from dataclasses import asdict, dataclass
from typing import Final

from . import codes
from .codes import DependencyError
from .database import DatabasePool
from .faults import FaultOnDemand
from .log import say
from .provider import Question

WITHIN: Final = 0.8


@dataclass(frozen=True)
class DependencyCheck:
    """What one check of a dependency said."""

    name: str
    ok: bool
    code: str
    target: str


@dataclass(frozen=True)
class Readiness:
    """The body of /readyz."""

    ready: bool
    checks: tuple[DependencyCheck, ...]
    identity: str

    def document(self) -> dict[str, object]:
        return asdict(self)


class Prober:
    """Answers /readyz; remembers the last word of each check only to log its changes."""

    def __init__(self, database: DatabasePool, expected: str, issuer: str, fault: FaultOnDemand) -> None:
        self._database, self._expected, self._issuer, self._fault = database, expected, issuer, fault
        self._said: dict[str, DependencyCheck] = {}
        self._saying = threading.Lock()
        self.was_ready = False

    def look(self) -> Readiness:
        """Ask every dependency now."""
        question = Question(self._issuer, WITHIN) if self._issuer else None
        check, identity = self._database_check()
        checks = (check, *self._provider_check(question), *self._fault_check())
        for each in checks:
            self._log_change(each)
        ready = all(each.ok for each in checks)
        if ready:
            self.was_ready = True
            self._fault.ready_now()
        return Readiness(ready, checks, identity)

    def _database_check(self) -> tuple[DependencyCheck, str]:
        identity = ""
        try:
            identity = self._database.identity(WITHIN)
            code = codes.WRONG_IDENTITY if self._expected not in {"", identity} else codes.OK
        except DependencyError as error:
            code = error.code
        return DependencyCheck("db", code == codes.OK, code, self._database.target), identity

    def _provider_check(self, question: Question | None) -> tuple[DependencyCheck, ...]:
        if question is None:
            return ()
        code = question.code()
        return (DependencyCheck("oidc", code == codes.OK, code, self._issuer),)

    def _fault_check(self) -> tuple[DependencyCheck, ...]:
        broken = self._fault.makes_unready()
        return (DependencyCheck("fault", ok=False, code=codes.ERROR, target=self._fault.kind),) if broken else ()

    def _log_change(self, check: DependencyCheck) -> None:
        with self._saying:
            if self._said.get(check.name) != check:
                self._said[check.name] = check
                say("dependency", check=check.name, ok=check.ok, code=check.code, target=check.target)
