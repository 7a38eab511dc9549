"""Keeping the reports of this machine's runs: one private JSON file each, in the user's state directory."""

from platformdirs import user_state_path

from cutover.edge.private_files import append_private


def save_report(run: str, document: str) -> str:
    """Store a report (already redacted) and say where; say why not where it could not be stored.

    A full disk must not change how a run ends, so nothing is raised.
    """
    file = user_state_path("cutover") / "runs" / f"{run}.json"
    try:
        append_private(file, document)
    except OSError as error:
        return f"the JSON report could not be kept in {file}: {error.strerror}"
    return f"JSON report: {file}"
