"""What a golden is made of: groups of command lines that are run in one folder with the same files."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One command line. `keeps` names the file that it writes, `stdin` what it reads."""

    name: str
    arguments: tuple[str, ...]
    stdin: bytes = b""
    keeps: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Cases with their input files. A `whole` group is kept as text, any other as digests."""

    name: str
    cases: tuple[GoldenCase, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    whole: bool = False

    @property
    def section(self) -> str:
        """The part of the goldens that the group belongs to."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class CaseOutput:
    """What a case did, normalised. `kept` is the file that it wrote, `left` names what it left in its home."""

    code: str
    out: str
    err: str
    kept: str = ""
    left: str = ""


Results = Mapping[str, Mapping[str, CaseOutput]]
"""What was seen, by the name of the group and of the case."""


def case(name: str, *arguments: str, stdin: bytes = b"", keeps: str = "") -> GoldenCase:
    """A command line under a name."""
    return GoldenCase(name, arguments, stdin, keeps)
