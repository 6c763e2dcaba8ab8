"""Style sheets, scripts and fonts: made small, under names that carry a hash of their content."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import rcssmin
import rjsmin

Assets = tuple[dict[str, str], dict[str, bytes]]
"""The published path of each asset, and the bytes to publish under it."""
_URL = re.compile(rb"url\(\"?([^\")]+)\"?\)")
_REFERRING = (".css", ".js")


def hashed_name(name: str, data: bytes) -> str:
    """Return ``fonts/archivo.3f2c91aa.woff2`` for ``fonts/archivo.woff2``."""
    stem, dot, suffix = name.rpartition(".")
    digest = hashlib.sha256(data).hexdigest()[:8]
    return f"{stem}.{digest}{dot}{suffix}"


def hash_assets(files: Mapping[str, bytes]) -> Assets:
    """Give every asset its published name, also where style sheets refer to others.

    Takes assets by their path below ``templates/assets``. Returns the published path of
    each, and the bytes to publish under it; both paths start with ``assets/``.
    """
    names: dict[str, str] = {}
    out: dict[str, bytes] = {}
    for name in sorted(files, key=lambda n: (n.endswith(_REFERRING), n)):
        data = files[name]
        if name.endswith(".css"):
            data = _URL.sub(lambda match: _rewrite(match, names), rcssmin.cssmin(data))
        elif name.endswith(".js"):
            data = rjsmin.jsmin(data)
        names[name] = f"assets/{hashed_name(name, data)}"
        out[names[name]] = data
    return names, out


def _rewrite(match: re.Match[bytes], names: Mapping[str, str]) -> bytes:
    target = match[1].decode()
    published = names.get(target)
    return match[0] if published is None else f'url("{published.removeprefix("assets/")}")'.encode()


def renames(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return the new paths of assets by their old ones, where they differ."""
    return {old: now[name] for name, old in before.items() if now[name] != old}


def only_styles(renames: Mapping[str, str]) -> bool:
    """Whether no asset was renamed but style sheets."""
    return all(name.endswith(".css") for name in renames)


def rename_in(
    folder: Path,
    paths: Iterable[str],
    renames: Mapping[str, str],
) -> Iterator[tuple[str, bytes]]:
    """Yield those published pages that name an asset, with its new name."""
    names = {old.encode(): new.encode() for old, new in renames.items()}
    either = re.compile(b"|".join(map(re.escape, names)))
    for path in paths:
        if path.endswith(".html"):
            text = (folder / path).read_bytes()
            if either.search(text):
                yield path, either.sub(lambda match: names[match[0]], text)
