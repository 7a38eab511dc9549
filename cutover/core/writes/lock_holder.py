"""The holder of the Lease on a target: its type, and how it is written to and read from the Lease."""

import json
from collections.abc import Mapping
from typing import Final

from cutover.core.base.documents import text, whole
from cutover.core.base.frozen import frozen
from cutover.core.base.run_name import UNKNOWN_RUN, is_run_name
from cutover.core.objects.lease import LeaseView

ANNOTATION: Final = "cutover.dev/holder"
"""Annotation of the Lease with more about its holder than the name."""


@frozen
class Holder:
    """One process that works on one run.

    `machine` names the kernel and process namespace in which `pid` is valid, empty where that cannot be told;
    `born` is the process's start by that kernel's clock, because process ids are used again.
    """

    run: str
    user: str
    host: str
    session: str
    machine: str = ""
    pid: int = 0
    born: int = 0

    @property
    def name(self) -> str:
        """The name of the process on the Lease and in the marks; no other process ever has the same."""
        return f"{self.user}@{self.host}/{self.session}"

    def __str__(self) -> str:
        process = f" (process {self.pid})" if self.pid else ""
        return f"run {self.run} of {self.user}@{self.host}{process}"


def holder_text(holder: Holder) -> str:
    """Return the holder as JSON with sorted keys, for the annotation of the Lease."""
    spelled = {
        "run": holder.run,
        "user": holder.user,
        "host": holder.host,
        "session": holder.session,
        "machine": holder.machine,
        "pid": holder.pid,
        "born": holder.born,
    }
    return json.dumps(spelled, sort_keys=True)


def holder_of(lease: LeaseView) -> Holder:
    """Read the holder from a Lease; fields that it lacks become `unknown`, `somebody`, empty or 0."""
    document = _document(lease.meta.annotations)
    user, _, rest = lease.holder.partition("@")
    host, _, session = rest.partition("/")
    return Holder(
        run=_run(text(document, "run")),
        user=user or "somebody",
        host=host or "an unknown host",
        session=session,
        machine=text(document, "machine"),
        pid=whole(document, "pid"),
        born=whole(document, "born"),
    )


def _run(name: str) -> str:
    return name if is_run_name(name) else UNKNOWN_RUN


def _document(annotations: Mapping[str, str]) -> object:
    try:
        return json.loads(annotations.get(ANNOTATION, ""))
    except (ValueError, RecursionError):
        return {}
