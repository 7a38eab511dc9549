"""Keeps the lock on a target: takes it before the first write, renews it while the run goes on, releases it at the end.

The lock is a Lease (`core.writes.lease`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from threading import Event, Thread
from typing import Final

from cutover.adapters.clock import even_asleep, now
from cutover.adapters.kube import read
from cutover.adapters.kube.api_errors import Forbidden
from cutover.adapters.kube.session import Session
from cutover.adapters.process_identity import life_of
from cutover.core.base.cluster_text import Words, sentence
from cutover.core.base.errors import LockedError, Problem, RefusedError, UnreachableError
from cutover.core.base.target import Target
from cutover.core.engine.facts import Fact, Note
from cutover.core.objects.lease import LeaseView
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.rollout import RolloutView
from cutover.core.writes.lease import (
    LASTS,
    RENEWED_EVERY,
    VERDICT,
    lay_down_write,
    lease_name,
    release_write,
    renew_write,
    take_over_write,
    take_write,
)
from cutover.core.writes.lock_holder import Holder, holder_of
from cutover.core.writes.lock_state import (
    HELD,
    UNSURE,
    Dead,
    Free,
    HeldByOther,
    Lock,
    LockStanding,
    Overdue,
    Silent,
    TakenOver,
    lock_standing,
)
from cutover.core.writes.run_annotations import OWNER
from cutover.core.writes.write import Accepted, Answer, Refused, Unclear, Write
from cutover.runtime.attempt import attempt, attempt_to, name_of
from cutover.runtime.performer import Performer
from cutover.runtime.record import Record

LOOK_EVERY: Final = 1.0
"""Seconds between two reads of a Lease whose holder may be alive on another computer."""

TRY_AGAIN_AFTER: Final = 2.0
"""Seconds between a failed renewal and the next."""

ASKED_WITHIN: Final = 5.0
"""Seconds in which a process that was stopped for long has to find out whether it still holds the lock."""

NEVER: Final = float("inf")

ATTEMPTS: Final = 3
"""How often taking a free Lease is tried; if another process was quicker, the Lease is read again before the next."""


def lease_of(session: Session, target: Target) -> LeaseView | NotFound:
    """Read the Lease on the target.

    Raises:
        RefusedError: the right to read it is missing.
        UnreachableError: the API server does not answer.
    """
    lease = read.lease(session, target.namespace, lease_name(target))
    if isinstance(lease, ReadFailed):
        raise _unreadable(target, lease)
    return lease


def _unreadable(target: Target, failure: ReadFailed) -> RefusedError | UnreachableError:
    remedy = f"`kubectl auth can-i get leases -n {target.namespace}` tells whether a right is missing"
    problem = Problem(sentence("the lock cannot be read: ", failure.reason), str(target), remedy=remedy)
    return RefusedError(problem) if isinstance(failure, Forbidden) else UnreachableError(problem)


def name_a_live_run(session: Session, target: Target, tell: Callable[[Fact], None]) -> None:
    """Refuse a target that a live run holds, before anything else is judged.

    What that run does to the target would otherwise look like faults of the target. If the lock may not be read, the
    check of all rights says so, together with the others.

    Raises:
        LockedError: a live run holds it.
    """
    if not isinstance(read.lease(session, target.namespace, lease_name(target)), Forbidden):
        wait_until_free(session, target, tell)


def wait_until_free(
    session: Session,
    target: Target,
    tell: Callable[[Fact], None],
    *,
    clock: Callable[[], float] = even_asleep,
    wait: Callable[[Event, float], bool] = Event.wait,
) -> LeaseView | NotFound:
    """Wait until nobody holds the target, and return what is left of the Lease: none, a free one, or a dead holder's.

    Raises:
        LockedError: its holder lives.
    """
    first, began = lease_of(session, target), clock()
    lease = first
    while True:
        match standing := _standing(lease, first, clock() - began):
            case Free():
                return lease
            case Dead():
                return lease
            case HeldByOther():
                raise LockedError(_lock_problem(target, standing))
            case Silent(holder, left):
                tell(Note(f"{holder} holds the lock; if it is not heard of, it is gone in {left:.0f} s"))
        wait(Event(), LOOK_EVERY)
        lease = lease_of(session, target)


def _standing(lease: LeaseView | NotFound, first: LeaseView | NotFound, watched: float) -> LockStanding:
    life = life_of(holder_of(lease)) if isinstance(lease, LeaseView) else life_of(Holder("", "", "", ""))
    return lock_standing(lease, first, watched, life)


def _lock_problem(target: Target, standing: HeldByOther) -> Problem:
    return Problem(
        f"another run holds this target: {standing.holder}; {standing.why}",
        path=f"{target.namespace}/rollout/{target.rollout}",
        remedy=f"wait for it, or stop it: `cutover abort {target.rollout} -n {target.namespace}` waits for nobody",
    )


class LeaseKeeper:
    """Holds the lock for one process. `state` may be called from any thread.

    The caller sets `finished` once nothing is left to do for a later process.
    """

    def __init__(
        self,
        session: Session,
        target: Target,
        holder: Holder,
        performer: Performer,
        record: Record,
        *,
        clock: Callable[[], float] = even_asleep,
        wait: Callable[[Event, float], bool] = Event.wait,
    ) -> None:
        self._session = session
        self._target = target
        self._holder = holder
        self._performer = performer
        self._record = record
        self._clock = clock
        self._wait = wait
        self._renewed = clock()
        self._taken: TakenOver | None = None
        self._trouble: Words = ""
        self._woke = NEVER
        self._over = Event()
        self.finished = False

    # -- taking it -------------------------------------------------------------------------------------------------

    def take(self) -> None:
        """Take the lock; wait for a silent holder until it counts as dead.

        Raises:
            LockedError: a live process holds it.
            RefusedError: the API server does not let us.
        """
        answers = (self._try() for _ in range(ATTEMPTS))
        tried = list(takewhile(lambda answer: not isinstance(answer, Accepted), answers))
        if len(tried) == ATTEMPTS:
            raise self._not_taken(tried[-1])

    def _try(self) -> Answer:
        lease = wait_until_free(self._session, self._target, self._record.add, clock=self._clock, wait=self._wait)
        if isinstance(lease, LeaseView) and lease.holder:
            self._record.add(Note(f"{holder_of(lease)} held the lock and is gone"))
        asked = self._clock()
        answer = self._performer.perform(self._taking(lease))
        self._renewed = asked
        return answer

    def _taking(self, lease: LeaseView | NotFound) -> Write:
        if isinstance(lease, NotFound):
            return take_write(self._target, self._holder, now().utc)
        return take_over_write(self._target, lease, self._holder, now().utc)

    def _not_taken(self, answer: Answer) -> RefusedError:
        reason = answer.reason if isinstance(answer, Refused | Unclear) else "nothing is known of it"
        return RefusedError(
            Problem(
                sentence("the lock could not be taken: ", reason, "; nothing was written to the Rollout"),
                path=str(self._target),
                remedy=f"`kubectl auth can-i create leases -n {self._target.namespace}` tells if a right is missing",
            )
        )

    # -- keeping it ------------------------------------------------------------------------------------------------

    @contextmanager
    def kept(self, post: Callable[[Lock], None]) -> Iterator[None]:
        """Renew the lock while the context lasts, then release it; post each change of its state."""
        Thread(target=self._keep, args=(post,), daemon=True, name="lock").start()
        try:
            yield
        finally:
            attempt_to(self._release)

    def state(self) -> Lock:
        """Return the state of the lock now, by the last renewal and the clock; nothing is read from the cluster."""
        if self._taken:
            return self._taken
        now_ = self._clock()
        if now_ - self._renewed < LASTS:
            return HELD
        if self._trouble:
            return Overdue(self._trouble)
        self._woke = min(self._woke, now_)
        return UNSURE if now_ - self._woke < ASKED_WITHIN else Overdue("this process did not run")

    def _keep(self, post: Callable[[Lock], None]) -> None:
        wait = RENEWED_EVERY
        while not self._wait(self._over, wait) and not self._taken:
            before = self.state()
            wait = RENEWED_EVERY if attempt(self._renew, self._not_renewed) else TRY_AGAIN_AFTER
            if self.state() != before:
                post(self.state())

    def _not_renewed(self, defect: Exception) -> bool:
        self._trouble = name_of(defect)
        return False

    def _renew(self) -> bool:
        """Renew the lock; if that is late, read the Lease first, because somebody else may hold it by now."""
        asked = self._clock()
        lease = self._seen() if self.state() != HELD else self._holder.name
        renewed = lease == self._holder.name and self._sent(renew_write(self._target, self._holder, now().utc))
        if renewed:
            self._renewed, self._woke, self._trouble = asked, NEVER, ""
        return renewed

    def _seen(self) -> str:
        """Read the Lease and return its holder; empty if it cannot be read, or was deleted, and then make it anew."""
        match read.lease(self._session, self._target.namespace, lease_name(self._target)):
            case NotFound():
                self._make_anew()
                return ""
            case ReadFailed(_, reason):
                self._trouble = reason
                return ""
            case LeaseView() as lease:
                self._lose(lease)
                return lease.holder

    def _sent(self, write: Write) -> bool:
        answer = self._performer.perform(write)
        match answer:
            case Refused(_, _, _, LeaseView() as lease):
                self._lose(lease)
            case Refused(_, _, _, NotFound()):
                self._make_anew()
            case Refused() | Unclear():
                self._trouble = answer.reason
        return isinstance(answer, Accepted)

    def _lose(self, lease: LeaseView) -> None:
        if lease.holder != self._holder.name:
            self._taken = TakenOver(str(holder_of(lease)) if lease.holder else "somebody who ended it")

    def _make_anew(self) -> None:
        """Create the Lease again after it was deleted, unless the marks no longer name this process: then give up."""
        rollout = read.rollout(self._session, self._target)
        if isinstance(rollout, RolloutView) and rollout.meta.annotations.get(OWNER) != self._holder.name:
            self._taken = TakenOver("somebody who ended it")
            return
        asked = self._clock()
        if isinstance(rollout, RolloutView) and self._sent(take_write(self._target, self._holder, now().utc)):
            self._renewed, self._woke, self._trouble = asked, NEVER, ""

    # -- its end ---------------------------------------------------------------------------------------------------

    def _release(self) -> None:
        """Release the lock, unless another process holds it by now. A failure is recorded, and changes nothing.

        While the run is not finished, the verdict stays on the Lease for the process that finishes it.
        """
        self._over.set()
        lease = read.lease(self._session, self._target.namespace, lease_name(self._target))
        if not isinstance(lease, LeaseView) or lease.holder != self._holder.name:
            return
        keeps = VERDICT in lease.meta.annotations and not self.finished
        write = lay_down_write(self._target, self._holder) if keeps else release_write(self._target, lease)
        self._performer.perform(write)
