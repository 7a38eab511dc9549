"""One HTTP request on a connection of its own, without retry, and the exact way in which it failed."""

import asyncio
import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class UserReply:
    """How one request ended; `error` is empty when the user was served."""

    status: int | None = None
    error: str = ""
    body: dict[str, str] = field(default_factory=dict)


async def ask(host: str, port: int, path: str, within: float) -> UserReply:
    """Connect, ask, read to the end. Whatever takes longer than the limit has failed."""
    try:
        async with asyncio.timeout(within):
            return _read(await _exchange(host, port, path))
    except TimeoutError:
        return UserReply(error="timeout")
    except ConnectionRefusedError:
        return UserReply(error="refused")
    except (ConnectionResetError, BrokenPipeError):
        return UserReply(error="reset")
    except OSError:
        return UserReply(error="unreachable")


async def _exchange(host: str, port: int, path: str) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return await reader.read()
    finally:
        writer.transport.abort()


def _read(raw: bytes) -> UserReply:
    """The reply in these bytes: cut when the connection ended before the announced length."""
    head, separator, content = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    try:
        status = int(lines[0].split(" ")[1])
        length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:"))
    except (IndexError, ValueError, StopIteration):
        return UserReply(error="malformed" if separator else "cut")
    if len(content) < length:
        return UserReply(status, "cut")
    return UserReply(status, f"http_{status}") if status != 200 else _read_body(content)


def _read_body(content: bytes) -> UserReply:
    try:
        body = json.loads(content)
    except ValueError:
        return UserReply(200, "malformed")
    return UserReply(200, body={key: str(value) for key, value in body.items()})
