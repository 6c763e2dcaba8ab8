"""The settings of a site: its folders, and what ``content/site.yaml`` says."""

from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from llm_history.content.facts import Text
from llm_history.content.reading import read_struct
from llm_history.content.records import LanguageTag, Part, Url
from llm_history.content.yaml import decode
from llm_history.diagnostics import Place, Problems, Rule
from llm_history.folders import Folders

NO_SETTINGS = Rule("LH010", "no-site-settings")

NAVIGATION = ("timeline", "lineage", "models", "organizations", "techniques", "datasets",
              "benchmarks", "events", "notes", "sources", "about")  # fmt: skip
"""The pages a site's navigation shows unless it says otherwise."""


class SiteSettings(Part, frozen=True, kw_only=True):
    """``content/site.yaml``."""

    title: Annotated[str, Meta(description="The name of the site")]
    heading: Annotated[Text | None, Meta(description="The first heading of the timeline")] = None
    description: Annotated[Text | None, Meta(description="One sentence for search engines")] = None
    publisher: Annotated[str, Meta(description="Who publishes the site")] = ""
    base_url: Annotated[Url, Meta(description="Where the site is published")] = "http://localhost/"
    languages: Annotated[
        tuple[LanguageTag, ...], Meta(description="The default language first")
    ] = ("en",)
    navigation: Annotated[
        tuple[str, ...], Meta(description="Which pages the navigation shows, in order")
    ] = NAVIGATION
    image_hosts: Annotated[
        tuple[str, ...], Meta(description="Hosts whose images notes may load")
    ] = ()
    repository: Annotated[Url | None, Meta(description="Where the content is kept")] = None
    inclusion: Annotated[Text | None, Meta(description="The rule by which entries are chosen")] = (
        None
    )

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0] if self.languages else "en"

    @property
    def base_path(self) -> str:
        """The path of the base URL, with a slash at both ends."""
        return (urlsplit(self.base_url).path or "/").rstrip("/") + "/"


def load_settings(folders: Folders, problems: Problems) -> SiteSettings | None:
    """Read ``site.yaml``, or report what is wrong with it.

    Settings that cannot be read are replaced by the usual ones, so that their mistakes hide no
    others; ``None`` means that this is no site.
    """
    path = folders.content / "site.yaml"
    shown = folders.shown(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.add(
            NO_SETTINGS,
            Place(shown),
            f"cannot be read: {error.strerror or error}",
            hint="a site has a content/site.yaml with at least a `title`",
        )
        return None
    source = decode(shown, data, problems)
    settings = read_struct(source, SiteSettings, problems) if source else None
    return settings or SiteSettings(title="")
