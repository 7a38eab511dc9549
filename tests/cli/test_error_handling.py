"""How the command line ends when something is wrong with it, with its output, or with cutover itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.process import cutover
from tests.core.plan.texts import GOOD

WRONG = [
    (("bogus",), "No such command 'bogus'."),
    (("vaildate", "x"), "Did you mean 'validate'?"),
    (("validate",), "Missing argument 'FILE...'."),
    (("diff",), "Missing argument 'FILE'."),
    (("diff", "a", "b"), "Got unexpected extra argument(s) (b)"),
    (("validate", "--bogus"), "No such option: --bogus"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_a_wrong_command_line_is_invalid_and_says_what_is_wrong(arguments: tuple[str, ...], said: str) -> None:
    done = cutover(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "cutover --help" in done.stderr


@pytest.mark.parametrize("json_flag", [("-o", "json"), ("--output", "json"), ("-ojson",), ("--output=json",)])
@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_a_wrong_command_line_ends_in_one_document_where_json_is_asked_for(
    arguments: tuple[str, ...], said: str, json_flag: tuple[str, ...]
) -> None:
    done = cutover(*arguments, *json_flag)
    document = json.loads(done.stdout)
    assert (document["outcome"], document["exitCode"], done.returncode) == ("invalid", 2, 2)
    assert len(document["problems"]) == 1
    assert said in document["problems"][0]["message"] or json_flag[0] in document["problems"][0]["message"]


def test_without_a_command_there_is_help_and_no_success() -> None:
    done = cutover()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: cutover")


def test_a_defect_is_one_line_on_the_screen_and_a_private_file(tmp_path: Path) -> None:
    code = (
        "import sys; import cutover.core.plan.load as load\n"
        "def load_bytes(data, file): raise KeyError('password=hunter2')\n"
        "load.load_bytes = load_bytes\n"
        "from cutover.cli.main import run; sys.exit(run(['validate', '-', '-o', 'json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        input=GOOD,
        env={"XDG_STATE_HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == json.loads(done.stdout)["exitCode"] == 1
    assert json.loads(done.stdout)["outcome"] == "error"
    assert "Traceback" not in done.stdout + done.stderr
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert str(file) in done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Traceback" in file.read_text()
    assert "hunter2" not in done.stdout + done.stderr + file.read_text()


def test_an_interrupt_before_anything_is_done_is_130() -> None:
    code = (
        "import sys; import cutover.adapters.plan_files as planfile\n"
        "def read_plan(file): raise KeyboardInterrupt\n"
        "planfile.read_plan = read_plan\n"
        "from cutover.cli.main import run; sys.exit(run(['validate', '-', '-o', 'json']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == json.loads(done.stdout)["exitCode"] == 130
    assert json.loads(done.stdout)["outcome"] == "interrupted"


def shell(script: str, given: str) -> subprocess.CompletedProcess[str]:
    whole = f'cutover() {{ "{sys.executable}" -m cutover "$@"; }}; {script}'
    return subprocess.run(["bash", "-c", whole], capture_output=True, text=True, input=given, check=False)


def test_a_reader_that_went_away_does_not_change_the_exit_code() -> None:
    done = shell("cutover validate - -o json | true; echo ${PIPESTATUS[0]}", GOOD.replace("90s", "90"))
    assert done.stdout == "2\n"
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_a_full_disk_does_not_change_the_exit_code_and_is_said() -> None:
    done = shell("cutover validate - > /dev/full", GOOD)
    assert done.returncode == 0
    assert done.stderr == "cutover: output was lost: No space left on device\n"


def test_a_terminal_without_the_characters_spells_them_out() -> None:
    done = shell("PYTHONIOENCODING=latin-1 cutover validate -", GOOD.replace("90s", "90"))
    assert done.returncode == 2
    assert r"\u2192 give it a unit" in done.stderr


def test_closed_streams_do_not_end_in_a_traceback() -> None:
    assert shell("cutover validate - >&-", GOOD).stderr == ""
    assert shell("cutover validate - >&- 2>&-; echo $?", GOOD.replace("90s", "90")).stdout == "2\n"
