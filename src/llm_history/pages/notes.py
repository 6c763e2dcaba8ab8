"""The page of a note: its text with links to records, its images, and what surrounds it."""

import html
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from llm_history.content.document import Packed
from llm_history.content.facts import Citation
from llm_history.content.load import Note
from llm_history.content.records import KINDS
from llm_history.content.references import Reference
from llm_history.content.sanitise import pieces_and_listings
from llm_history.content.spelling import as_id
from llm_history.diagnostics import Diagnostic, Problems, Rule, Severity, did_you_mean
from llm_history.forking import can_fork, in_processes, in_slices
from llm_history.history import History, citations_in
from llm_history.history.checks import UNKNOWN_SOURCE
from llm_history.history.mentions import Mention, link_mentions
from llm_history.history.queries import Answer, Desk
from llm_history.history.reads import Cell, Cells, Difference, Register, numbers_in
from llm_history.pages.fragments import Fragments, fragments_of_note, fragments_of_record
from llm_history.pages.language import Language
from llm_history.pages.notepage import NotePage
from llm_history.pages.questions import answer, check_assertion
from llm_history.pages.sourcebook import Sourcebook
from llm_history.pages.views import LinkView, NoteView, QuestionView, SourceView
from llm_history.settings import SiteSettings

MISSING_IMAGE = Rule("LH401", "missing-image", Severity.WARNING)
REMOTE_IMAGE = Rule("LH402", "remote-image", Severity.WARNING)
DEAD_LINK = Rule("LH403", "dead-link", Severity.WARNING)
DEAD_FRAGMENT = Rule("LH406", "dead-fragment", Severity.WARNING)

_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_CITATION = re.compile(r' ?<a data-cite="([^"]*)"[^>]*>[^<]*</a>')
_QUERY = re.compile(r'<a data-query="([^"]*)"[^>]*>[^<]*</a>')
_IMAGE_TYPES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


_WORTH_A_PROCESS, _LARGEST_PART = 100, 25
_BOX = '<div class="scroll" role="group" tabindex="0" aria-label="%s">'


class Resolved(msgspec.Struct, frozen=True):
    """What a note came to: the parts of its page, what it read, and what it names in vain.

    ``reads`` are cells by their numbers.
    """

    html: dict[str, Packed]
    mentions: tuple[Mention, ...]
    files: tuple[str, ...]
    reads: bytes
    problems: tuple[Diagnostic, ...]

    def page(self, note: Note) -> NotePage:
        """Return the page of the note."""
        return NotePage(note, self.html, self.mentions, self.files)


class Remembered(Protocol):
    """What is known of the notes from the last build."""

    @property
    def shared(self) -> Cells:
        """What their cells held."""
        ...

    @property
    def resolved(self) -> Mapping[str, Resolved]:
        """How they came out, by their ids."""
        ...


def resolve_all(
    resolver: "NoteResolver",
    problems: Problems,
    memory: Remembered | None = None,
    *,
    jobs: int = 1,
) -> dict[str, Resolved]:
    """Return what all notes come to, by their ids; what they refer to in vain is reported.

    With ``jobs`` above 1 and many notes, that many processes share the work.
    """
    history, register = resolver.history, resolver.register
    difference = Difference(memory.shared, history, register) if memory else None
    if memory and difference:
        reads = (numbers_in(known.reads) for known in memory.resolved.values())
        difference.look_at(set().union(*reads))
    found: dict[str, Resolved] = {}
    new: list[Note] = []
    for note in history.notes:
        known = memory.resolved.get(note.id) if memory else None
        if known and difference and difference.spares(known.reads):
            found[note.id] = known
        else:
            new.append(note)
    found |= _resolve_new(resolver, new, jobs)
    in_order = {note.id: found[note.id] for note in history.notes}
    for resolved in in_order.values():
        problems.found += resolved.problems
    return in_order


def _resolve_new(resolver: "NoteResolver", notes: Sequence[Note], jobs: int) -> dict[str, Resolved]:
    if not can_fork(jobs) or len(notes) < _WORTH_A_PROCESS:
        return {note.id: resolver.resolve(note) for note in notes}

    def resolve_some(part: slice) -> bytes:
        resolver.register = Register()
        resolved = [resolver.resolve(note) for note in notes[part]]
        return msgspec.msgpack.encode((resolved, resolver.register.cells))

    found: list[Resolved] = []
    for some in in_processes(resolve_some, in_slices(len(notes), jobs, _LARGEST_PART), jobs):
        resolved, cells = msgspec.msgpack.decode(some, type=tuple[list[Resolved], list[Cell]])
        register = Register(cells)
        for each in resolved:
            reads = resolver.register.numbers(register.told(each.reads))
            found.append(msgspec.structs.replace(each, reads=reads))
    return {note.id: resolved for note, resolved in zip(notes, found, strict=True)}


class NoteResolver:
    """Resolves what notes refer to: records, other notes, images beside them.

    The ``register`` has, or gets, the numbers for what they read. Unless notes are ``asserting``,
    it is left open whether the records bear out what they say.
    """

    def __init__(
        self,
        history: History,
        settings: SiteSettings,
        languages: Sequence[Language],
        register: Register,
        *,
        asserting: bool,
    ) -> None:
        self.history = history
        self.register = register
        self.languages = languages
        self.asserting = asserting
        self.desk = Desk(history)
        self.settings = settings
        self.problems = Problems()
        self.fragments: dict[str, Fragments] = {}

    def resolve(self, note: Note) -> Resolved:
        """Return what a note comes to."""
        self.problems = Problems()
        with self.history.reads.listen() as cells:
            self.history.reads.note("note", note.id)
            html, mentions, files = self._resolve(note)
        reads = self.register.numbers(cells)
        return Resolved(html, mentions, files, reads, tuple(self.problems.found))

    def _resolve(
        self, note: Note
    ) -> tuple[dict[str, Packed], tuple[Mention, ...], tuple[str, ...]]:
        root = "../" * (note.id.count("/") + 2)
        names = self.history.names.without(note.matter.no_auto_link)
        linked = link_mentions(note.document.html, names, root=root)
        self._check_citations(note)
        for reference in note.matter.asserts:
            check_assertion(reference, self.desk if self.asserting else None, self.problems)
        for reference in note.document.wiki_links:
            self._check_wiki_link(reference)
        files: dict[str, None] = {}
        answers = {
            r.target: answer(r.target, r.place, self.desk, self.problems)
            for r in note.document.queries
        }
        images = {r.target: self._image(note, r, files) for r in note.document.images}
        links = {r.target: self._link(note, r, files) for r in note.document.links}
        speaks = next((lang for lang in self.languages if lang.tag == note.language), None)
        written: dict[str, Packed] = {}
        for language in self.languages:
            # Files are published once, beside the pages of the default language.
            base = "../" * language.prefix.count("/") + root
            text = next(iter(written.values()), None)
            if text is None or files:
                book = Sourcebook(self.history, language)
                page = _Page(root, base, images, links, self._wiki_url, answers, book)
                text = Packed.of(page.write(linked.html, speaks or self.languages[0], set(files)))
            written[language.tag] = text
        return written, linked.mentions, tuple(files)

    def _check_citations(self, note: Note) -> None:
        sources = self.history.sources
        for reference in note.document.citations:
            cited = reference.target.partition("#")[0]
            broken = any(map(self.history.is_broken, (f"sources/{cited}", "sources/*")))
            if cited not in sources and not broken:
                hint = partial(self._source_meant, cited)
                message = f"no source has the id `{cited}`"
                self.problems.add(UNKNOWN_SOURCE, reference.place, message, hint=hint)

    def _source_meant(self, cited: str) -> str:
        """Return advice for a source that is not there."""
        return did_you_mean(cited, self.history.sources) or "add it to content/sources/"

    def _check_wiki_link(self, reference: Reference) -> None:
        """Report a ``[[target]]`` that names nothing, or a part that its page has not."""
        name, _, fragment = reference.target.partition("#")
        name = name.strip()
        if url := self._page_named(name):
            self._fragment(fragment, url, reference)
        elif not self.history.is_broken(name):
            message = f"`[[{reference.target}]]` names no record and no note"
            hint = partial(self._name_meant, name)
            self.problems.add(DEAD_LINK, reference.place, message, hint=hint)

    def _name_meant(self, name: str) -> str:
        """Return advice for a name in ``[[name]]`` that nothing has."""
        if hint := did_you_mean(name, [*self.history.ids(), *self.history.note_named]):
            return hint
        if (meant := as_id(name)) and self.history.find(meant):
            return f"did you mean `{meant}`?"
        return "add the record, or write the name without brackets"

    def _fragment(self, written: str, url: str, reference: Reference) -> str:
        """Return the fragment that a link to a page means; report one that the page has not."""
        if not written:
            return ""
        fragments = self._fragments_of(url)
        if meant := fragments.meant(written):
            return meant
        place = reference.place
        at = place.text.find(f"#{written}", place.column - 1)
        if at >= 0:
            place = msgspec.structs.replace(place, column=at + 1, length=len(written) + 1)
        message = f"`{fragments.page}` has no section `#{written}`"
        hint = partial(fragments.hint, written)
        self.problems.add(DEAD_FRAGMENT, place, message, hint=hint)
        return written

    def _fragments_of(self, url: str) -> Fragments:
        """Return what a link into a page can lead to."""
        key = url.partition("#")[0].strip("/")
        # Looked up each time: a note must be heard to read what another one read before it.
        target = self.history.find(key)
        note = None if target else self.history.note[key.removeprefix("notes/")]
        if key not in self.fragments:
            if target:
                self.fragments[key] = fragments_of_record(target.record)
            elif note:
                self.fragments[key] = fragments_of_note(note)
        return self.fragments[key]

    def _page_named(self, name: str) -> str:
        """Return the address of what the name in ``[[name]]`` means, or nothing."""
        if target := self.history.find(name):
            return target.url
        found = self.history.names.find(name)
        if len(found) == 1 and found[0][:2] == (0, len(name)):
            return found[0][2].url
        if note_id := self.history.note_named.get(name.casefold()):
            return f"notes/{note_id}/"
        return ""

    def _wiki_url(self, target: str) -> str:
        """Return the address of what ``[[target]]`` names, or nothing."""
        name, _, written = target.partition("#")
        url = self._page_named(name.strip())
        if not (url and written):
            return url
        fragment = self._fragments_of(url).meant(written) or written
        return f"{url.partition('#')[0]}#{fragment}"

    def _image(self, note: Note, reference: Reference, files: dict[str, None]) -> str | None:
        """Return the address of an image from the root, or ``None`` for a gap."""
        target = html.unescape(reference.target)
        parts = _split(target)
        if parts.scheme or parts.netloc:
            if parts.scheme in ("http", "https") and parts.hostname in self.settings.image_hosts:
                return target
            message = (
                f"the image is on another host ({parts.hostname or parts.scheme}); it is not loaded"
            )
            hint = "store it beside the note, or list its host under `image_hosts` in site.yaml"
            self.problems.add(REMOTE_IMAGE, reference.place, message, hint=hint)
            return None
        path = self._file(note, parts.path)
        if path and path.lower().endswith(_IMAGE_TYPES):
            files[path] = None
            return path
        shown = unquote(parts.path)
        message = f"the image `{shown}` is not there; the page shows a gap in its place"
        meant = partial(self._image_meant, note, shown)
        self.problems.add(MISSING_IMAGE, reference.place, message, hint=meant)
        return None

    def _image_meant(self, note: Note, path: str) -> str:
        """Return advice for an image that is not there."""
        beside = [posixpath.relpath(p, note.folder) for p in self._files_like(path)]
        where = posixpath.join("/", note.folder, path)
        return did_you_mean(path, beside) or f"put it at content{posixpath.normpath(where)}"

    def _link(self, note: Note, reference: Reference, files: dict[str, None]) -> str | None:
        """Return the address of a local link from the root; ``None`` leaves it as it is."""
        parts = _split(html.unescape(reference.target))
        if parts.scheme or parts.netloc:
            return None
        if not parts.path:
            url = f"notes/{note.id}/"
            fragment = self._fragment(parts.fragment, url, reference)
            return None if fragment == parts.fragment else f"{url}#{fragment}"
        path = unquote(parts.path)
        wanted = posixpath.normpath(posixpath.join(note.folder, path))
        for candidate in (wanted, path.lstrip("/")):
            if url := self._page_at(candidate):
                fragment = self._fragment(parts.fragment, url, reference)
                return f"{url.partition('#')[0]}#{fragment}" if fragment else url
        if found := self._file(note, parts.path):
            files[found] = None
            return found
        meant = partial(self._file_meant, note, path)
        self.problems.add(DEAD_LINK, reference.place, f"`{path}` leads nowhere", hint=meant)
        return None

    def _file_meant(self, note: Note, path: str) -> str:
        """Return advice for a link that leads nowhere."""
        there = (*self.history.note_at, *self._files_like(path))
        known = [posixpath.relpath(p, note.folder) for p in there]
        if hint := did_you_mean(path, known):
            return hint
        if re.match(r"[\w.+-]+@[\w-]+\.\w", path):
            return f"write `mailto:{path}`"
        if re.match(r"[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|ai|dev|edu|gov|kr|cn)(?:/|$)", path):
            return f"write `https://{path}`"
        kind, _, name = path.strip("/").removesuffix(".yaml").rpartition("/")
        if posixpath.basename(kind) in KINDS and (hint := did_you_mean(name, self.history.ids())):
            return hint
        return "link to a file by its path from this note"

    def _page_at(self, path: str) -> str:
        """Return the address of the note or the record at a path in ``content/``, or nothing."""
        note_at = self.history.note_at
        if note_id := note_at.get(path) or note_at.get(f"{path}.md"):
            return f"notes/{note_id}/"
        record = path.strip("/").removesuffix(".yaml")
        target = self.history.find(record) if "/" in record else None
        return target.url if target else ""

    def _files_like(self, path: str) -> list[str]:
        """Return the files of ``content/`` that end like a path."""
        suffix = posixpath.splitext(path)[1].lower()
        return [name for name in self.history.files if name.lower().endswith(suffix)]

    def _file(self, note: Note, path: str) -> str | None:
        """Return a file of ``content/`` by its path beside the note, or from a root."""
        path = unquote(path)
        beside = posixpath.normpath(posixpath.join(note.folder, path.lstrip("/")))
        from_root = posixpath.normpath(path.lstrip("/"))
        choices = [from_root, f"notes/{from_root}"] if path.startswith("/") else [beside]
        return next((choice for choice in choices if choice in self.history.files), None)


class _Page:
    """Writes the HTML of a note with everything resolved."""

    def __init__(
        self,
        root: str,
        base: str,
        images: dict[str, str | None],
        links: dict[str, str | None],
        wiki_url: Callable[[str], str],
        answers: dict[str, Answer | None],
        book: Sourcebook,
    ) -> None:
        self.root = root
        self.base = base
        self.images = {html.unescape(target): url for target, url in images.items()}
        self.links = {html.unescape(target): url for target, url in links.items()}
        self.wiki_url = wiki_url
        self.answers = answers
        self.book = book

    def write(self, document: str, language: Language, files: set[str]) -> str:
        """Return ``document`` with images, links and scrolling boxes in place.

        ``language`` is that of the few words added; ``files`` are published paths.
        """
        task = language.gettext("Task")
        labels = {"pre": language.gettext("Code"), "table": language.gettext("Table")}
        document = _CITATION.sub(lambda match: self._citation(match[1], language), document)
        document = _QUERY.sub(lambda match: self._answer(match[1], language), document)
        out: list[str] = []
        dropped_links = 0
        for kind, tag, piece in pieces_and_listings(document):
            if kind == "open" and tag == "img":
                out.append(self._image(piece, language))
            elif kind == "open" and tag == "a":
                opened = self._anchor(piece, files)
                dropped_links += not opened
                out.append(opened)
            elif kind == "close" and tag == "a" and dropped_links:
                dropped_links -= 1
            elif tag in labels:
                if kind != "close":
                    out.append(_BOX % labels[tag])
                out.append(piece)
                if kind != "open":
                    out.append("</div>")
            elif kind == "open" and tag == "input":
                out.append(piece.replace("<input", f'<input aria-label="{task}"', 1))
            else:
                out.append(piece)
        return "".join(out)

    def _citation(self, cited: str, language: Language) -> str:
        """Return small numbers that lead to the list of sources beside the text."""
        found = (Citation(*part.split("#", 1)) for part in html.unescape(cited).split())
        word = html.escape(language.gettext("source"))
        written = []
        for marker in self.book.markers(found):
            title = f' title="{html.escape(marker.locator)}"' if marker.locator else ""
            number = f'<span class="vh">{word} </span>{marker.number}'
            written.append(f'<a class="src" href="#s{marker.number}"{title}>{number}</a>')
        return "".join(written)

    def _answer(self, query: str, language: Language) -> str:
        found = self.answers.get(html.unescape(query))
        if found is None:
            return ""
        if found.is_count:
            return f"{len(found.records):,}"
        # Written with a reference to the record, which `_anchor` turns into its address.
        links = (
            f'<a data-ref="{html.escape(type(r).kind_name)}/{html.escape(r.id)}">'
            f"{html.escape(r.name)}</a>"
            for r in found.records
        )
        return ", ".join(links) or html.escape(language.gettext("nothing known"))

    def _image(self, piece: str, language: Language) -> str:
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(piece)}
        source, alt = attributes.get("src", ""), attributes.get("alt", "")
        url = self.images.get(source)
        if url is None:
            name = posixpath.basename(unquote(_split(source).path)) or source
            words = alt if alt and alt != name else name
            words = language.gettext("Image not available: %(name)s", name=words)
            return f'<span class="gap">{html.escape(words)}</span>'
        address = url if _split(url).scheme else self.base + url
        described = f'src="{html.escape(address)}" alt="{html.escape(alt)}"'
        return f'<img {described} loading="lazy" decoding="async">'

    def _anchor(self, piece: str, files: set[str]) -> str:
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(piece)}
        if "data-ref" in attributes:
            url = self.wiki_url(attributes["data-ref"])
            return f'<a href="{html.escape(self.root + url)}">' if url else ""
        local = self.links.get(attributes.get("href", ""))
        if local is not None:
            root = self.base if local in files else self.root
            return f'<a href="{html.escape(root + local)}">'
        return piece if "href" in attributes or "id" in attributes else ""


def _split(address: str) -> SplitResult:
    """Return the parts of an address; one that is none at all is of an unknown scheme."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("invalid", "", address, "", "")


def note_view(
    page: NotePage, history: History, language: Language, question: QuestionView | None = None
) -> NoteView:
    """Return the view of a note's page, with its answer if it is a stored question."""
    note, matter = page.note, page.note.matter
    dek, spoken = (
        matter.summary.get(note.language, language.default) if matter.summary else ("", "")
    )
    mentioned: dict[str, LinkView] = {}
    for mention in page.mentions:
        if target := history.find(mention.key):
            link = LinkView(url=f"{mention.key}/", name=target.record.name)
            mentioned.setdefault(mention.key, link)
    translations = [
        (other.language, LinkView(url=f"notes/{other.id}/", name=other.title))
        for other in history.works[note.work]
        if other is not note
    ]
    return NoteView(
        name=note.title,
        description=dek or note.title,
        lang=note.language,
        language_name=language.name_of(note.language),
        html=page.html[language.tag].text,
        date=language.date(matter.date) if matter.date else "",
        date_iso=str(matter.date) if matter.date and not matter.date.qualifier else "",
        authors=matter.authors,
        tags=tuple(LinkView(url=f"tags/{tag_slug(tag)}/", name=tag) for tag in matter.tags),
        categories=matter.categories,
        dek=dek,
        dek_lang="" if spoken == note.language else spoken,
        contents=tuple((h.level, h.id, h.text) for h in note.document.headings if h.level <= 3),
        mentioned=tuple(mentioned.values()),
        translations=tuple(translations),
        question=question,
        sources=_sources(note, history, language),
    )


def _sources(note: Note, history: History, language: Language) -> tuple[SourceView, ...]:
    """Return what a note cites, numbered as its text does."""
    book = Sourcebook(history, language)
    book.markers(citations_in(note))
    return book.sources()


def tag_slug(tag: str) -> str:
    """Return the address of a tag."""
    return re.sub(r"[^\w.+-]+", "-", tag.casefold()).strip("-.") or "tag"
