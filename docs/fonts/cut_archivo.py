"""Cut the site's one web font out of Archivo's variable face.

    npm install @fontsource-variable/archivo
    pip install fonttools brotli
    python docs/fonts/cut_archivo.py node_modules/@fontsource-variable/archivo

Keeps Latin-1, punctuation and arrows, weights 400 to 700 and widths 75 to 100, and writes
``templates/assets/fonts/archivo.woff2`` with its licence beside it. Then writes how wide its
characters are in labels (``src/llm_history/pages/figures/archivo.json``), for the builder to
measure them: advances in thousandths of an em, by weight and width.
"""

import json
import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ıŁłŒœŠšŸŽž–—‘’‚“”„†‡•…‰‹›⁄€™−≈≤≥←↑→↓×"),
]


ROOT = Path(__file__).parents[2]
LABELS = {"500": {"wght": 500, "wdth": 85}, "600": {"wght": 600, "wdth": 85}}


def measure(face: Path, target: Path) -> None:
    """Write the advances of the cut ``face`` at the weights and the width of labels."""
    advances = {}
    for name, axes in LABELS.items():
        font = instantiateVariableFont(TTFont(face), axes)
        em = font["head"].unitsPerEm
        advances[name] = {
            chr(code): round(font["hmtx"][glyph][0] * 1000 / em)
            for code, glyph in sorted(font.getBestCmap().items())
        }
    target.write_text(json.dumps(advances, ensure_ascii=False, indent=0) + "\n", "utf-8")


def main(package: Path, target: Path) -> None:
    """Cut the face in ``package`` and write it to the folder ``target``."""
    font = TTFont(package / "files" / "archivo-latin-standard-normal.woff2")
    font = instantiateVariableFont(font, {"wght": (400, 700), "wdth": (75, 100)})
    options = Options()
    options.layout_features = ["kern", "liga", "tnum", "lnum", "mark", "ccmp", "locl"]
    options.flavor = "woff2"
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target / "archivo.woff2")
    shutil.copy(package / "LICENSE", target / "OFL.txt")


if __name__ == "__main__":
    fonts = ROOT / "templates" / "assets" / "fonts"
    main(Path(sys.argv[1]), fonts)
    measure(
        fonts / "archivo.woff2",
        ROOT / "src" / "llm_history" / "pages" / "figures" / "archivo.json",
    )
