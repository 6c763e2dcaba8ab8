"""Preview servers, and clients that look at what they serve."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

from bench.peers import Peer

BETWEEN_POLLS = 0.002
_LONGEST_START, _LONGEST_END = 300.0, 10.0
Answer = tuple[int, bytes]
"""A status and a body; the status is 0 where nobody answers."""


class Client:
    """Asks one server, over one connection as long as it lasts."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Ask for a page; one more time if a connection that was kept turns out to be closed."""
        kept = self._connection is not None
        answer = self._get(path)
        return self._get(path) if kept and answer[0] == 0 else answer

    def _get(self, path: str) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self._connection.request("GET", path)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, b""

    def style_of(self, page: str, name: str) -> bytes:
        """Return the style sheet of a page whose file name begins with ``name``."""
        _, body = self.get(page)
        link = re.search(rf'href="?([^"> ]*\b{name}[^"/> ]*\.css)'.encode(), body)
        if link is None:
            return b""
        status, sheet = self.get(urljoin(page, link[1].decode()))
        return sheet if status == 200 else b""

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def wait_until(fulfilled: Callable[[], bool], limit: float) -> float | None:
    """Return how long it takes until a condition is fulfilled; nothing if it takes too long."""
    started = time.monotonic()
    while not fulfilled():
        if time.monotonic() - started > limit:
            return None
        time.sleep(BETWEEN_POLLS)
    return time.monotonic() - started


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def serving(peer: Peer, root: Path, page: str) -> Iterator[tuple[int, int]]:
    """Run a peer's server; yield its process and its port once it serves ``page``."""
    port = free_port()
    command = [part.format(port=port) for part in peer.server]
    log = root.parent / f"{peer.name}-server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, **peer.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    client = Client(port)
    try:
        ready = wait_until(
            lambda: process.poll() is not None or client.get(page)[0] == 200, _LONGEST_START
        )
        if ready is None or process.poll() is not None:
            raise SystemExit(f"{peer.title} does not serve: {log.read_text(errors='replace')}")
        yield process.pid, port
    finally:
        client.close()
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and whatever it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LONGEST_END)
            return
