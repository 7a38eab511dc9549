from pathlib import Path


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that nobody ever sees half of it, even if this process is killed."""
    new = file.with_suffix(".new")
    new.touch(mode=mode)
    new.write_text(text)
    new.replace(file)
