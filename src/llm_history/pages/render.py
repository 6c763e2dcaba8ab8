"""Views to bytes, through Jinja templates."""

import ast
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from jinja2 import pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context
from markupsafe import Markup

from llm_history.diagnostics import Place, Problems, Rule, SourceText
from llm_history.folders import Folders, default_templates
from llm_history.history import History
from llm_history.pages import labels
from llm_history.pages.closures import Closures
from llm_history.pages.language import MISSING_MESSAGE, Language
from llm_history.pages.views import LinkView, View
from llm_history.settings import SiteSettings

TEMPLATE_ERROR = Rule("LH501", "template-error")
ASSET = re.compile(rb"assets/[\w/-]+\.[0-9a-f]{8}\.")
"""The published path of an asset, up to its suffix."""
Read = Callable[[str], bytes]
"""Returns a published file as it was made; raises LookupError if it is not there as it was."""
_AT_A_TIME = 4096
"""So many pieces of a page are put together without a pause."""
_ENCODER = msgspec.msgpack.Encoder()


class Page(msgspec.Struct, frozen=True):
    """One page: its address from the root, its template, and what the template sees.

    An address that ends with ``/`` (or is empty) is a folder with an ``index.html``.
    """

    url: str
    template: str
    view: View
    language: str = ""

    @property
    def path(self) -> str:
        """The file of the page in the output folder."""
        return page_path(self.url)


def page_path(url: str) -> str:
    """Return the file of a page in the output folder."""
    return f"{url}index.html" if url.endswith("/") or not url else url


class Unit(msgspec.Struct, frozen=True):
    """What is made in one piece: a page, or some files that need no template.

    ``make`` reads nothing but the history (and what never changes while a site is built with
    the same settings), so that a unit need not be made again while what it read is the same.
    ``always`` marks one that depends on more than that. ``edit`` makes only the files that
    change, from what its files were made of and the files themselves; nothing if it cannot.
    """

    key: str
    make: Callable[[], Page | dict[str, bytes]]
    template: str = ""
    always: bool = False
    edit: Callable[[History, Read], dict[str, bytes] | None] | None = None


class Tongue(View, frozen=True, kw_only=True):
    """A language that pages come in: its tag, its own name, and the folder of its pages."""

    tag: str
    name: str
    prefix: str


class SiteView(View, frozen=True, kw_only=True):
    """What every page knows of the site."""

    title: str
    publisher: str
    base_url: str
    base_path: str
    tongues: tuple[Tongue, ...]
    navigation: tuple[tuple[str, LinkView], ...]


def site_view(settings: SiteSettings, languages: Sequence[Language]) -> SiteView:
    """Return what every page shows of the site."""
    shown = [
        (key, labels.NAVIGATION[key]) for key in settings.navigation if key in labels.NAVIGATION
    ]
    return SiteView(
        title=settings.title,
        publisher=settings.publisher,
        base_url=settings.base_url.rstrip("/") + "/",
        base_path=settings.base_path,
        tongues=tuple(Tongue(tag=x.tag, name=x.name, prefix=x.prefix) for x in languages),
        navigation=tuple((key, LinkView(url=url, name=name)) for key, (name, url) in shown),
    )


class Renderer:
    """Renders pages with a site's templates, its own before those of the default theme.

    ``assets`` are the published paths of style sheets, scripts and fonts, by their names;
    ``compiled`` is a folder for compiled templates, for this program and these messages alone.
    """

    def __init__(
        self,
        folders: Folders,
        site: SiteView,
        languages: Sequence[Language],
        assets: Mapping[str, str],
        closures: Closures,
        compiled: Path | None = None,
    ) -> None:
        once.cache_clear()  # what the templates before these made is of no use any more
        self.folders = folders
        self.site = site
        self.compiled = compiled
        self.languages = languages
        self.assets = assets
        self.closures = closures
        self.environments = {
            x.tag: make_environment(folders, x, compiled and compiled / x.tag) for x in languages
        }
        for environment in self.environments.values():
            environment.globals["shared"] = self._shared
        self._parts: dict[tuple[str, ...], Markup] = {}
        self.tongues = {tongue.tag: tongue for tongue in site.tongues}

    def render(self, page: Page, pause: Callable[[], None] = lambda: None) -> bytes:
        """Return the bytes of a page. Raises what Jinja raises for a template in error.

        ``pause`` is called now and then.

        A template sees the ``view``, the ``site``, its ``assets``, the page's language as
        ``tongue``, its
        address from the root of that language as ``page``, and the ways to two roots:
        ``root`` leads to that of the language, ``base`` to that of the site.
        """
        tongue = self.tongues[page.language]
        address = page.url.removeprefix(tongue.prefix)
        at_any_depth = page.url == "404.html"
        root = self.site.base_path if at_any_depth else "../" * address.count("/")
        base = root + "../" * tongue.prefix.count("/")
        stream = (
            self.environments[page.language]
            .get_template(page.template)
            .generate(
                view=page.view,
                site=self.site,
                assets=self.assets,
                tongue=tongue,
                page=address,
                root=root or "./",
                base=base or "./",
            )
        )
        pieces: list[str] = []
        while some := list(islice(stream, _AT_A_TIME)):
            pieces += some
            pause()
        return "".join(pieces).encode()

    def forget(self) -> None:
        """Forget what was compiled: only while it is, a template says which messages it lacks."""
        if self.compiled:
            shutil.rmtree(self.compiled, ignore_errors=True)

    @pass_context
    def _shared(self, context: Context, name: str) -> Markup:
        """Return a part of a page that is the same on all pages at one depth of a language."""
        sees = {key: context[key] for key in ("site", "assets", "tongue", "root", "base")}
        key = (name, sees["tongue"].tag, sees["root"], sees["base"])
        if key not in self._parts:
            template = context.environment.get_template(name)
            # What a template renders is escaped already.
            self._parts[key] = Markup(template.render(sees))  # noqa: S704
        return self._parts[key]

    def report_missing(self, problems: Problems) -> None:
        """Report messages that templates or views asked for and a catalogue lacks."""
        for language in self.languages:
            for message in language.missing:
                shown = message if len(message) <= 60 else f"{message[:59]}…"
                place = Place(f"templates/locale/{language.tag}.po")
                hint = f'add an entry with `msgid "{shown}"`'
                problems.add(MISSING_MESSAGE, place, f"no translation of “{shown}”", hint=hint)
            language.missing.clear()

    def look(self, template: str) -> bytes:
        """Return what else than its view, its place and the names of assets a page follows from."""
        return self.closures.of(template) if template else b""

    def key(self, page: Page) -> tuple[bytes, bool]:
        """Return a digest of a page's view and place, and whether the view names an asset."""
        view = _ENCODER.encode(page.view)
        digest = hashlib.blake2b(digest_size=16)
        digest.update(f"{page.url}\0{page.template}\0{page.language}\0".encode())
        digest.update(view)
        return digest.digest(), ASSET.search(view) is not None

    def explain(
        self, template: str, url: str, error: jinja2.TemplateError, problems: Problems
    ) -> None:
        """Report an error that a template raised while it rendered the page at ``url``."""
        name, line = _where(error, template)
        path = _template_path(self.folders, name)
        message = f"{error.message or error} (while rendering {url or 'the first page'})"
        if path is None:
            problems.add(TEMPLATE_ERROR, Place(f"templates/{name}"), message)
            return
        source = SourceText(self.folders.shown(path), path.read_text(encoding="utf-8"))
        place = source.place(line)
        place = source.find(place.text.strip(), line, line)
        problems.add(TEMPLATE_ERROR, place, message)


class _Translator(Extension):
    """Puts translations into templates before they are compiled.

    An environment speaks one language, so that a message without values is a constant.
    """

    language: Language
    _message = re.compile(r'\b_\(("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')\)')

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's source with constant messages translated."""
        return self._message.sub(self._translated, source)

    def _translated(self, match: re.Match[str]) -> str:
        message = ast.literal_eval(match[1])
        return f"({json.dumps(self.language.gettext(message) % {}, ensure_ascii=False)}|safe)"


@lru_cache(4096)
def once(macro: Callable[..., str], *values: Any) -> Markup:  # noqa: ANN401 - views, texts
    """Return what ``macro`` makes of ``values``, which are frozen.

    A row of one list is often one of many others: of all months, of tables sorted by
    different columns, of the next build.
    """
    return Markup(macro(*values))  # noqa: S704 - escaped already


def make_environment(
    folders: Folders, language: Language, compiled: Path | None = None
) -> jinja2.Environment:
    """Return a Jinja environment: strict about names, escaping everything by itself.

    What templates of its ``language`` compile to is kept in a folder, if there is one.
    """
    if compiled:
        compiled.mkdir(parents=True, exist_ok=True)
    loader = jinja2.FileSystemLoader([folders.templates, default_templates()])
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=jinja2.FileSystemBytecodeCache(str(compiled)) if compiled else None,
    )
    translator = type("Translator", (_Translator,), {"language": language})
    environment.add_extension(translator)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=True
    )
    environment.globals["labels"] = labels
    environment.globals["once"] = once
    return environment


def _where(error: jinja2.TemplateError, template: str) -> tuple[str, int]:
    """Return the template and the line an error comes from."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.name or template, error.lineno
    if isinstance(error, jinja2.TemplateNotFound):
        return str(error.name or template), 1
    found: tuple[str, int] = template, 1
    frame = error.__traceback__
    while frame is not None:
        name = frame.tb_frame.f_globals.get("__jinja_template__")
        if name is not None:
            found = str(name.name), name.get_corresponding_lineno(frame.tb_lineno)
        elif "__jinja_template__" not in frame.tb_frame.f_globals:
            path = Path(frame.tb_frame.f_code.co_filename)
            if path.suffix in (".html", ".xml"):
                found = path.name, frame.tb_lineno
        frame = frame.tb_next
    return found


def _template_path(folders: Folders, name: str) -> Path | None:
    candidates = (folders.templates / name, default_templates() / name)
    return next((path for path in candidates if path.is_file()), None)
