"""Which templates a template is made of."""

import hashlib
import re
from functools import cache, cached_property
from pathlib import Path

_USES = r"(?:\{%-?\s*(?:extends|include|import|from)\s+|\bshared\()"
_NAMED = re.compile(_USES + r"""(["'])([^"']+)\1""")
_ANY = re.compile(_USES)


class Closures:
    """The digest of each template with everything that it extends, includes and imports.

    ``folders`` are looked through in their order, as a loader does. A template that is named
    by an expression makes every template part of the closure. ``ground`` is what all of them
    use beside each other.
    """

    def __init__(self, folders: tuple[Path, ...], ground: bytes) -> None:
        self._texts: dict[str, bytes] = {}
        for folder in reversed(folders):
            for path in sorted(folder.rglob("*.html")):
                self._texts[path.relative_to(folder).as_posix()] = path.read_bytes()
        self.ground = ground
        self.of = cache(self._of)

    @cached_property
    def digest(self) -> bytes:
        """The digest of all templates."""
        return self._of(*self._texts)

    def _of(self, *names: str) -> bytes:
        found: dict[str, None] = {}
        edge = list(names)
        while edge:
            name = edge.pop()
            if name not in found:
                found[name] = None
                edge += self._parts(name)
        digest = hashlib.blake2b(self.ground, digest_size=16)
        for name in sorted(found):
            digest.update(name.encode() + b"\0" + self._texts.get(name, b"") + b"\0")
        return digest.digest()

    def _parts(self, name: str) -> list[str]:
        text = self._texts.get(name, b"").decode("utf-8", "replace")
        named = [match[1] for match in _NAMED.findall(text)]
        return named if len(named) == len(_ANY.findall(text)) else list(self._texts)
