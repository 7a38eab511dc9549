"""`python -m tests.cluster.load URL --rate 50 --seconds 10 --json FILE`."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from tests.cluster.load import guard, request, schedule
from tests.cluster.load.answers import LoadResult


def main() -> int:
    """Make the load; 0 when nothing failed, 1 when something did, 2 when the address is refused."""
    options = _options()
    try:
        guard.target(options.url, options.allow)
    except guard.AddressRefusedError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    with contextlib.suppress(PermissionError):
        os.nice(-10)  # on a busy machine the schedule must hold, or it measures itself
    result = asyncio.run(_load(options))
    if options.json:
        options.json.write_text(result.to_json())
    print(result.summary())
    return 1 if result.failed else 0


async def _load(options: argparse.Namespace) -> LoadResult:
    host, port, path = guard.target(options.url, options.allow)
    stop = asyncio.Event()
    _stop_on_request(stop, stdin=options.while_stdin_is_open)
    print(f"load: {options.rate:g} requests/s to {options.url}", flush=True)
    started = time.time()
    answers = await schedule.run(
        lambda: request.ask(host, port, path, options.timeout), options.rate, options.seconds, stop
    )
    return LoadResult(options.url, options.rate, started, answers)


def _stop_on_request(stop: asyncio.Event, *, stdin: bool) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def closed() -> None:
        loop.remove_reader(sys.stdin)
        stop.set()

    if stdin:
        loop.add_reader(sys.stdin, closed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.load", description=schedule.__doc__)
    parser.add_argument("url", help="http://ADDRESS[:PORT][/PATH]")
    parser.add_argument("--rate", type=float, default=50, help="requests per second")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="how long; without it, until a signal")
    parser.add_argument("--timeout", type=float, default=2.0, help="seconds after which a request has failed")
    parser.add_argument("--allow", action="append", default=[], metavar="CIDR", help="a private range besides loopback")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every answer here")
    parser.add_argument("--while-stdin-is-open", action="store_true", help="end when standard input is closed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
