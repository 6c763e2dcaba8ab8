"""The theme of a site: its templates, messages and assets, as they are at each build."""

from collections.abc import Sequence

import msgspec

from llm_history.cache.place import compiled_folder
from llm_history.content.files import walk
from llm_history.folders import Folders, Options, default_templates
from llm_history.pages.assets import hash_assets
from llm_history.pages.closures import Closures
from llm_history.pages.language import Language
from llm_history.pages.render import Renderer, site_view
from llm_history.settings import SiteSettings


class Theme:
    """Reads the theme of a site, and reads it again: what is still right is kept.

    ``files`` are the assets to be published, by their paths; ``last`` is the last renderer.
    """

    def __init__(self, folders: Folders, options: Options) -> None:
        self.folders = folders
        self.options = options
        self.files: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        self._assets: dict[str, bytes] = {}
        self.last: Renderer | None = None

    def forget(self) -> None:
        """Let every template be compiled anew: something is wrong with what they made."""
        if self.last:
            self.last.forget()
        self.last = None

    def renderer(self, settings: SiteSettings, languages: Sequence[Language]) -> Renderer:
        """Return a renderer; the last one, with its compiled templates, if it still fits."""
        folders, last = self.folders, self.last
        assets = _read_assets(folders)
        if assets != self._assets:
            self._assets = assets
            self._names, self.files = hash_assets(assets)
        site = site_view(settings, languages)
        spoken = [[language.tag, language.messages] for language in languages]
        ground = msgspec.msgpack.encode([site, spoken])
        closures = Closures((folders.templates, default_templates()), ground)
        if last and last.closures.digest == closures.digest and last.assets == self._names:
            return last
        messages = msgspec.msgpack.encode(spoken)
        compiled = compiled_folder(folders, messages) if self.options.cache else None
        self.last = Renderer(folders, site, languages, self._names, closures, compiled)
        return self.last


def _read_assets(folders: Folders) -> dict[str, bytes]:
    """Read the assets of the theme; a site's own come before the default ones."""
    files: dict[str, bytes] = {}
    for templates in (default_templates(), folders.templates):
        assets = templates / "assets"
        if assets.is_dir():
            files |= {path: (assets / path).read_bytes() for path in walk(assets)}
    return files
