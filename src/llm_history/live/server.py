"""The preview server: the built site on this machine, reloaded when it changes."""

import asyncio
import contextlib
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import click
import msgspec
import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from llm_history.diagnostics import Problems
from llm_history.folders import Folders, Options, default_templates
from llm_history.live.session import News, Session
from llm_history.live.watcher import Changes, Watch, rebuild_on_change, stop_on_signals
from llm_history.settings import load_settings

EVENTS, SCRIPT = "/-/events", "/-/live.js"
_PORTS_TRIED = 50
_HEARTBEAT = 15.0
_LONGEST_PUBLISHING = 60.0


class Gate:
    """Closed while the site is published, so that nobody sees half of two builds."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Keep the gate closed."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    async def passed(self) -> None:
        """Wait until the gate is open."""
        if not self._open.is_set():
            await to_thread.run_sync(self._open.wait, _LONGEST_PUBLISHING)


class Broadcast:
    """Tells every open page what the last builds changed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.loop: asyncio.AbstractEventLoop | None = None
        self.condition: asyncio.Condition | None = None

    def announce(self) -> None:
        """Say, from any thread, that there is a new build."""
        if self.loop and self.condition:
            asyncio.run_coroutine_threadsafe(self._wake(), self.loop)

    async def _wake(self) -> None:
        if self.condition:
            async with self.condition:
                self.condition.notify_all()

    async def events(self, last: str) -> AsyncIterator[str]:
        """Yield server-sent events: what changed since ``last``, and then each build.

        ``last`` is the id of the last event a page has seen, ``session-build``, or empty.
        """
        yield "retry: 300\n\n"
        session, _, build = last.partition("-")
        known = session == self.session.id and build.isdigit()
        seen = int(build) if known else self.session.news[-1].build
        yield _event(self.session.since(seen) or News("", 0))
        while self.condition is not None:
            news = self.session.news[-1]
            if news.build > seen:
                yield _event(self.session.since(seen) or News("", 0))
                seen = news.build
                continue
            async with self.condition:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.condition.wait(), _HEARTBEAT)
            if self.session.news[-1].build == seen:
                yield ": still here\n\n"


def _event(news: News) -> str:
    data = msgspec.json.encode(news).decode()
    return f"event: news\nid: {news.session}-{news.build}\ndata: {data}\n\n"


class Pages(StaticFiles):
    """The site's files; pages get the script that reloads them, and are asked for anew."""

    def __init__(self, directory: Path, session: Session, gate: Gate) -> None:
        super().__init__(directory=directory, html=True, check_dir=False)
        self.session = session
        self.gate = gate
        self.folder = directory.resolve()

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or the site's own page for what is not there."""
        await self.gate.passed()
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and str(response.path).endswith(".html"):
            self.session.look(Path(response.path).relative_to(self.folder).as_posix())
            html = await to_thread.run_sync(Path(response.path).read_bytes)
            source = f"{SCRIPT}?last={self.session.last}"
            tag = f'<script type="module" src="{source}"></script>'.encode()
            body = html.replace(b"</body>", tag + b"</body>", 1)
            headers = {"etag": response.headers["etag"]}
            response = Response(body, response.status_code, headers, media_type="text/html")
        response.headers["cache-control"] = "no-cache"
        return response


def make_app(folders: Folders, base_path: str, broadcast: Broadcast, gate: Gate) -> Starlette:
    """Return the application that serves ``folders.output`` under ``base_path``."""

    async def events(request: Request) -> Response:
        last = request.headers.get("last-event-id", "") or request.query_params.get("last", "")
        headers = {"cache-control": "no-store"}
        return StreamingResponse(
            broadcast.events(last), media_type="text/event-stream", headers=headers
        )

    async def script(_: Request) -> Response:
        path = default_templates() / "live" / "live.js"
        headers = {"cache-control": "no-cache"}
        return FileResponse(path, media_type="text/javascript", headers=headers)

    async def to_base(_: Request) -> Response:
        return RedirectResponse(base_path)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        broadcast.loop = asyncio.get_running_loop()
        broadcast.condition = asyncio.Condition()
        yield
        broadcast.condition = None

    app = Starlette(
        routes=[Route(EVENTS, events), Route(SCRIPT, script)],
        middleware=[Middleware(GZipMiddleware, compresslevel=1)],
        lifespan=lifespan,
    )
    if base_path != "/":
        app.router.routes.append(Route("/", to_base))
    app.mount(base_path.rstrip("/") or "/", Pages(folders.output, broadcast.session, gate))
    return app


def free_socket(host: str, port: int) -> socket.socket:
    """Return a socket bound to ``port``, or to the next free one after it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last: OSError | None = None
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, candidate))
        except OSError as error:
            last = error
            sock.close()
            continue
        return sock
    raise click.ClickException(f"No free port from {port} on {host}: {last}")


class Place(msgspec.Struct, frozen=True):
    """Where to serve, and what to do there."""

    host: str
    port: int
    poll: bool = False
    open: bool = False
    editor_url: str = ""


def serve(folders: Folders, options: Options, place: Place, *, quiet: bool = False) -> None:
    """Build, serve, and rebuild on every change, until interrupted."""
    stop_on_signals()
    gate, stop = Gate(), threading.Event()
    session = Session(
        folders, options, quiet=quiet, editor_url=place.editor_url, publishing=gate.closed
    )
    broadcast = Broadcast(session)
    session.announce = broadcast.announce
    watch = Watch(folders, Changes(folders), poll=place.poll)
    session.build()
    session.meanwhile = watch.changes.look
    base_path = _base_path(folders)
    sock = free_socket(place.host, place.port)
    sock.listen()  # whoever reads the address below can use it at once
    taken = sock.getsockname()[1]
    if place.port and taken != place.port:
        click.echo(f"Port {place.port} is in use.")
    shown = f"[{place.host}]" if ":" in place.host else place.host
    address = f"http://{shown}:{taken}{base_path}"
    click.echo(f"Serving on {address} (Ctrl-C to stop)")
    if place.open:
        webbrowser.open(address)
    worker = threading.Thread(target=rebuild_on_change, args=(watch, session.build, stop))
    worker.start()
    app = make_app(folders, base_path, broadcast, gate)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    try:
        uvicorn.Server(config).run(sockets=[sock])
    except KeyboardInterrupt:  # uvicorn has shut down and passes it on
        click.echo("Stopped.")
    finally:
        stop.set()
        watch.stop()
        worker.join()
        sock.close()
        session.close()


def _base_path(folders: Folders) -> str:
    settings = load_settings(folders, Problems())
    return settings.base_path if settings else "/"
