"""Makes the units of a site: as many at a time as there are processes, none in vain."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import jinja2
import msgspec

from llm_history.diagnostics import Diagnostic, Problems
from llm_history.forking import can_fork, in_processes, in_slices
from llm_history.history import History
from llm_history.history.reads import Cell, Reads, Register
from llm_history.pages.render import Page, Read, Renderer, Unit
from llm_history.staging import File, Staging

_MANY, _LARGEST_PART = 100, 100
Progress = Callable[[int, int], None]
"""Told how many units of how many are made."""


class Made(msgspec.Struct, frozen=True):
    """A unit that was made: what it read, what its bytes follow from, and its files.

    ``reads`` are cells by their numbers. ``key`` stands for what it shows and ``look`` for how it
    shows it; the bytes depend on nothing more but the names of assets. One that is ``literal``
    names an asset in its text.
    """

    reads: bytes
    key: bytes
    look: bytes
    paths: tuple[str, ...]
    literal: bool = False


class Product(msgspec.Struct, frozen=True):
    """A unit made just now; without ``files`` it came out as it was before."""

    unit: str
    made: Made
    files: dict[str, File] | None


class Workshop(msgspec.Struct, frozen=True):
    """What units are made with, and how they came out ``before``, of which history.

    ``reads`` hears what units read, and the ``register`` has the numbers for it. ``read`` returns
    the files that units came out as. ``pause`` is called now and then while one is made.
    """

    renderer: Renderer
    reads: Reads
    register: Register
    before: Mapping[str, Made]
    former: History | None = None
    read: Read | None = None
    pause: Callable[[], None] = lambda: None

    def make(self, unit: Unit) -> Product:
        """Make a unit. Raises what Jinja raises for a template in error."""
        return self._edit(unit) or self._make(unit)

    def _edit(self, unit: Unit) -> Product | None:
        """Make of a unit what is not as it was, if it knows how to."""
        before = self.before.get(unit.key)
        if before is None or unit.edit is None or self.former is None or self.read is None:
            return None
        with self.reads.listen() as cells:
            files = unit.edit(self.former, self.read)
        if files is None:
            return None
        reads = self.register.numbers(cells.union(self.register.told(before.reads)))
        key = _digest(files | {"": before.key}) if files else before.key
        return Product(unit.key, msgspec.structs.replace(before, reads=reads, key=key), {**files})

    def _make(self, unit: Unit) -> Product:
        with self.reads.listen() as cells:
            piece = unit.make()
        look, reads = self.renderer.look(unit.template), self.register.numbers(cells)
        if isinstance(piece, Page):
            key, literal = self.renderer.key(piece)
            made = Made(reads, key, look, (piece.path,), literal)
        else:
            made = Made(reads, _digest(piece), look, tuple(piece))
        before = self.before.get(unit.key)
        same = before and (before.key, before.look, before.paths) == (made.key, look, made.paths)
        if same and not made.literal:
            return Product(unit.key, made, None)
        files: dict[str, File] = (
            {piece.path: self.renderer.render(piece, self.pause)}
            if isinstance(piece, Page)
            else {**piece}
        )
        return Product(unit.key, made, files)


def make_all(
    workshop: Workshop,
    units: Sequence[Unit],
    problems: Problems,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    staging: Staging | None = None,
) -> list[Product]:
    """Return all units made; templates in error are reported, each for the first page it fails on.

    With ``jobs`` above 1 and many units, that many processes share the work; the result is the
    same. The files of many units are left in ``staging``, if there is one.
    """
    failed: dict[str, list[Diagnostic]] = {}
    if len(units) < _MANY:
        products = _make_some(workshop, units, failed, progress)
    elif can_fork(jobs):
        products = _make_in_processes(workshop, units, failed, problems, jobs, progress, staging)
    else:
        products = _make_some(workshop, units, failed, progress, staging)
    problems.found += [problem for each in failed.values() for problem in each]
    return products


def _make_in_processes(
    workshop: Workshop,
    units: Sequence[Unit],
    failed: dict[str, list[Diagnostic]],
    problems: Problems,
    jobs: int,
    progress: Progress | None,
    staging: Staging | None,
) -> list[Product]:
    workshop = msgspec.structs.replace(workshop, pause=lambda: None)

    def make_part(part: slice) -> tuple[bytes, dict[str, list[Diagnostic]], list[Diagnostic]]:
        failed: dict[str, list[Diagnostic]] = {}
        missing, register = Problems(), Register()
        products = _make_some(workshop, units[part], failed, None, staging)
        products = [_registered(product, workshop.register, register) for product in products]
        workshop.renderer.report_missing(missing)
        return msgspec.msgpack.encode((products, register.cells)), failed, missing.found

    products: list[Product] = []
    parts = in_slices(len(units), jobs, _LARGEST_PART)
    for made, found, missing in in_processes(make_part, parts, jobs):
        some, cells = msgspec.msgpack.decode(made, type=tuple[list[Product], list[Cell]])
        register = Register(cells)
        products += (_registered(product, register, workshop.register) for product in some)
        for template, error in found.items():
            failed.setdefault(template, error)
        known = {(p.rule.code, p.place, p.message) for p in problems.found}
        problems.found += [p for p in missing if (p.rule.code, p.place, p.message) not in known]
        if progress:
            progress(len(products), len(units))
    return products


def _staged(product: Product, staging: Staging) -> Product:
    files = product.files and {
        path: staging.put(file) if isinstance(file, bytes) else file
        for path, file in product.files.items()
    }
    return msgspec.structs.replace(product, files=files)


def _registered(product: Product, old: Register, new: Register) -> Product:
    """Return a product with what it read in the numbers of another register."""
    made = msgspec.structs.replace(product.made, reads=new.numbers(old.told(product.made.reads)))
    return msgspec.structs.replace(product, made=made)


def _make_some(
    workshop: Workshop,
    units: Sequence[Unit],
    failed: dict[str, list[Diagnostic]],
    progress: Progress | None,
    staging: Staging | None = None,
) -> list[Product]:
    """Return units made; of templates that ``failed`` the first error is noted, nothing made.

    Their files are left in ``staging``, if there is one.
    """
    products: list[Product] = []
    for number, unit in enumerate(units, 1):
        if unit.template not in failed:
            try:
                product = workshop.make(unit)
                products.append(_staged(product, staging) if staging else product)
            except jinja2.TemplateError as error:
                found = Problems()
                workshop.renderer.explain(unit.template, unit.key, error, found)
                failed[unit.template] = found.found
        if progress:
            progress(number, len(units))
    return products


def _digest(files: Mapping[str, bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for path, data in files.items():
        digest.update(f"{path}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.digest()
