"""What the bed reports to a person instead of a traceback."""


class BedError(Exception):
    """The bed could not do what was asked; the message says what and, where known, why."""

    exit_code = 1


class MissingError(BedError):
    """Something that the machine must bring is not there: nothing was started."""

    exit_code = 3
