"""The fixed schedule: request i is due at i/rate seconds, whatever became of those before it (an open loop)."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

from tests.cluster.load.answers import LoadAnswer
from tests.cluster.load.request import UserReply

Ask = Callable[[], Awaitable[UserReply]]


async def run(ask: Ask, rate: float, seconds: float, stop: asyncio.Event) -> tuple[LoadAnswer, ...]:
    """Ask on schedule until the time is over or `stop` is set; then wait for the answers under way."""
    start = asyncio.get_running_loop().time()
    under_way = []
    for number in itertools.count():
        due = number / rate
        if due >= seconds or await _stopped_before(start + due, stop):
            break
        under_way.append(asyncio.create_task(_one(ask, start, due)))
    return tuple(await asyncio.gather(*under_way))


async def _stopped_before(moment: float, stop: asyncio.Event) -> bool:
    left = moment - asyncio.get_running_loop().time()
    try:
        await asyncio.wait_for(stop.wait(), max(left, 0))
    except TimeoutError:
        await asyncio.sleep(0)  # a schedule that lags behind still lets its requests run
    return stop.is_set()


async def _one(ask: Ask, start: float, due: float) -> LoadAnswer:
    clock = asyncio.get_running_loop().time
    late = clock() - start - due
    reply = await ask()
    who = {key: reply.body.get(key, "") for key in ("database", "pod", "hash")}
    return LoadAnswer(due, max(late, 0.0), clock() - start - due, reply.status, reply.error, **who)
