"""Builds again when files change.

The observer only says that something happened; a build looks at all files anew, so that
no kind of save, checkout or rename can be misunderstood.
"""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import click
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from llm_history.content.files import is_passed_over
from llm_history.folders import Folders, default_templates
from llm_history.live.session import Session

_QUIET, _QUIET_AFTER_A_SAVE = 0.03, 0.004
_LONGEST_WAIT = 0.15
_RELEVANT = frozenset({"created", "modified", "deleted", "moved", "closed"})


class Changes(FileSystemEventHandler):
    """Remembers what changed, and wakes whoever waits for it.

    Whatever is news is still there to be taken: a build that is given up for it has a successor.
    """

    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.inside = tuple(map(str, _sources(folders)))
        self.happened = threading.Event()
        self._saved = False
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._news: set[str] = set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take note of a change in a folder that the site is made from."""
        if event.event_type not in _RELEVANT or (
            event.is_directory and event.event_type == "modified"
        ):
            return
        paths = (os.fsdecode(event.src_path), os.fsdecode(event.dest_path or b""))
        if found := {path for path in paths if self._is_relevant(path)}:
            with self._lock:
                self._paths |= found
                self._news |= found
                # A program that closed a file has written all it had to write.
                self._saved = event.event_type == "closed" and not event.is_directory
                self.happened.set()

    def _is_relevant(self, path: str) -> bool:
        for folder in self.inside:
            if path == folder or path.startswith(folder + os.sep):
                within = Path(path[len(folder) + 1 :])
                return not any(map(is_passed_over, within.parts))
        return False

    def wait(self, stop: threading.Event) -> bool:
        """Wait for a change and for the quiet after it; return whether there was one."""
        while not (self._paths or self.happened.wait(0.2)):
            if stop.is_set():
                return False
        self._settle()
        return not stop.is_set()

    def _settle(self) -> None:
        """Wait until it is quiet, but not for long."""
        waited = 0.0
        while waited < _LONGEST_WAIT:
            self.happened.clear()
            quiet = _QUIET_AFTER_A_SAVE if self._saved else _QUIET
            if not self.happened.wait(quiet):
                break
            waited += quiet
        self.happened.clear()

    def take(self) -> set[str]:
        """Return the files that changed since the last time, as they are shown."""
        with self._lock:
            self.happened.clear()
            paths, self._paths, self._news = self._paths, set(), set()
        return self._shown(paths)

    def look(self) -> set[str] | None:
        """Return the files that changed since anyone last asked; ``None`` if nothing did.

        They are still there to be taken.
        """
        if not self.happened.is_set():
            return None
        self._settle()
        with self._lock:
            paths, self._news = self._news, set()
        return self._shown(paths) if paths else None

    def _shown(self, paths: set[str]) -> set[str]:
        return {self.folders.shown(Path(path)) for path in paths if Path(path).suffix}


def _sources(folders: Folders) -> list[Path]:
    """Return the folders that a site is made from."""
    return list(dict.fromkeys((folders.content, folders.templates, default_templates())))


class Watch:
    """An observer of the folders of a site, also of ones that come, go or are replaced."""

    def __init__(self, folders: Folders, changes: Changes, *, poll: bool) -> None:
        self.folders = folders
        self.changes = changes
        self.observer = self._start(poll=poll)

    def _start(self, *, poll: bool) -> BaseObserver:
        """Return a running observer; it polls, and says so, where the system cannot tell."""
        observer: BaseObserver = PollingObserver() if poll else Observer()
        try:
            self._schedule(observer)
            observer.start()
        except OSError as error:
            if poll:
                raise
            click.echo(
                f"Cannot watch files ({error.strerror or error}); polling instead.", err=True
            )
            return self._start(poll=True)
        return observer

    def _schedule(self, observer: BaseObserver) -> None:
        self._seen = self._identities()
        for folder in _sources(self.folders):
            if folder.is_dir():
                observer.schedule(self.changes, str(folder), recursive=True)
            if folder.parent.is_dir():  # where it would come back
                observer.schedule(self.changes, str(folder.parent), recursive=False)

    def _identities(self) -> list[int]:
        return [os.stat(f).st_ino if f.is_dir() else 0 for f in _sources(self.folders)]  # noqa: PTH116

    def renew(self) -> None:
        """Watch the folders that are there now, if they are others than before."""
        if self._identities() != self._seen:
            self.observer.unschedule_all()
            try:
                self._schedule(self.observer)
            except OSError:
                self.stop()
                self.observer = self._start(poll=True)

    def stop(self) -> None:
        """Stop watching."""
        self.observer.stop()
        self.observer.join()


def rebuild_on_change(
    watch: Watch, rebuild: Callable[[set[str]], object], stop: threading.Event
) -> None:
    """Rebuild after every change until ``stop`` is set: one build at a time, in order."""
    while watch.changes.wait(stop):
        watch.renew()
        rebuild(watch.changes.take())


def stop_on_signals() -> None:
    """Let SIGTERM and SIGINT end the program as Ctrl-C does.

    A shell that starts a program in the background may have told it to ignore SIGINT.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def watch_site(session: Session, *, poll: bool) -> None:
    """Build now and after every change, until interrupted."""
    stop_on_signals()
    folders = session.folders
    watch = Watch(folders, Changes(folders), poll=poll)
    try:
        session.build()
        session.meanwhile = watch.changes.look
        click.echo(f"Watching {folders.shown(folders.content)}. Press Ctrl-C to stop.")
        rebuild_on_change(watch, session.build, threading.Event())
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        watch.stop()
