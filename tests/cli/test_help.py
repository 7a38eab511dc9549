"""`--help`: instant, complete, and with examples."""

import subprocess
import sys

import pytest
import typer

from cutover.cli.main import COMMANDS, application
from tests.cli.process import cutover

HEAVY = ("kubernetes", "urllib3", "pydantic", "deepdiff", "jsonpatch", "yaml", "rich", "platformdirs")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from cutover.cli.main import run; code = run(['--help']); "
        f"print(code, sorted(set({HEAVY}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "0 []\n"
    assert "Usage: cutover" in done.stdout


def test_help_takes_little_more_than_typer_itself() -> None:
    """What the machine does besides is in both figures; `bench/` compares with kubectl."""
    typer_alone = min(_milliseconds("-c", "import typer") for _ in range(5))
    assert min(_milliseconds("-m", "cutover", "--help") for _ in range(5)) < 2 * typer_alone


def _milliseconds(*arguments: str) -> float:
    """User and system time of a fresh interpreter."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); print((used.ru_utime + used.ru_stime) * 1000)"
    )
    command = [sys.executable, "-c", code, sys.executable, *arguments]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_help_has_examples_that_start_with_its_command(command: str) -> None:
    done = cutover(*command.split(), "--help")
    examples = done.stdout.partition("Examples:\n")[2].splitlines()
    assert done.returncode == 0
    assert examples
    assert all(line.startswith(f"    cutover {command}".rstrip()) for line in examples if line.startswith("    "))


def test_the_list_of_commands_has_whole_sentences() -> None:
    listed = cutover("--help").stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


def test_nothing_is_coloured_and_nothing_completes() -> None:
    app = application(*COMMANDS)
    assert app.rich_markup_mode is None
    assert "\x1b" not in cutover("--help").stdout
    assert isinstance(app, typer.Typer)


def test_a_command_alone_reads_as_it_does_among_all(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for names in (("diff",), COMMANDS):
        typer.main.get_command(application(*names)).main(["diff", "--help"], "cutover", standalone_mode=False)
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] != ""
    assert "--install-completion" not in cutover("--help").stdout
