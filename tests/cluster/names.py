"""A name server that knows no name: `python -m tests.cluster.names ADDRESS`.

An unknown host is then what it is in a real cluster, an answer "no such name" at once, and no question ever leaves the
machine. A refused connection would do the latter, but the resolver calls it a temporary failure.
"""

import socket
import sys

NO_SUCH_NAME = b"\x81\x83"  # an answer, recursion was wanted, code 3: NXDOMAIN
ONE_QUESTION = b"\x00\x01\x00\x00\x00\x00\x00\x00"


def answer(question: bytes) -> bytes:
    """The question itself, marked as answered: no such name (RFC 1035, 4.1)."""
    end = question.index(b"\0", 12) + 5  # the name ends with an empty label; type and class follow
    return question[:2] + NO_SUCH_NAME + ONE_QUESTION + question[12:end]


def serve(address: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        while True:
            question, sender = server.recvfrom(512)
            if b"\0" in question[12:]:
                server.sendto(answer(question), sender)


if __name__ == "__main__":
    serve(sys.argv[1])
