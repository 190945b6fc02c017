"""Takes the pictures of ``docs/images`` and writes the page that shows them: ``python -m tests.browser.screenshots``.

With names only those pages are taken again.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.lived_in import live_in, setup_link
from tests.browser.pictures import AREAS, LOOKS, PICTURES, SET_UP, VISITOR, Picture
from tests.browser.served import Served, serve
from tests.browser.tabs import SETTLED, Tab, open_tab

DOCS = Path(__file__).parents[2] / "docs"
IMAGES = DOCS / "images"
PAGE = DOCS / "reference" / "pages.md"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 720}
COLOURS, EXACT = 256, 160
Colour = tuple[int, int, int]
INTRODUCTION = """\
Every page of the console and of the modules that come with it, with the demo's data after a little work.
`./run screenshots` takes the pictures again and writes this page; a test fails when a page of the address map is not
among them."""


def take(tab: Tab, picture: Picture, path: str) -> Iterator[Path]:
    """The files of one page: light, dark, and on a phone."""
    for look in LOOKS:
        tab.page.emulate_media(color_scheme="dark" if look == "dark" else "light", reduced_motion="reduce")
        tab.page.set_viewport_size(PHONE if look == "phone" else DESK)  # type: ignore[arg-type]  # a width and a height
        tab.go(path)
        picture.first(tab)
        tab.page.mouse.move(0, 0)
        tab.page.evaluate(SETTLED)
        tab.check_fits()
        yield save(tab.page.screenshot(), IMAGES / f"{picture.name}-{look}.png")


def save(shot: bytes, target: Path) -> Path:
    """A picture with few colours: small enough for a repository, and nobody sees the difference."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    few = picture.quantize(palette=palette_of(picture), dither=Image.Dither.NONE)
    few.save(target, "PNG", optimize=True)
    return target


def palette_of(picture: Image.Image) -> Image.Image:
    """The colours of areas as they are, and of all the others (the edges of letters) those that come near."""
    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    colours = [cast("Colour", colour) for _count, colour in counted]
    others = Image.new("RGB", (max(len(colours) - EXACT, 1), 1))
    others.putdata(colours[EXACT:])
    near = others.quantize(COLOURS - EXACT, Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(part for colour in colours[:EXACT] for part in colour), *near[: 3 * (COLOURS - EXACT)]])
    return palette


def take_all(browser: Browser, served: Served, wanted: set[str]) -> Iterator[Path]:
    """The files of all pages that are wanted; first those that are there only until somebody is."""
    tabs: dict[str, Tab] = {VISITOR: open_tab(browser, served)}
    for picture in SET_UP:
        if picture.name in wanted:
            yield from take(tabs[VISITOR], picture, setup_link(served))
    ids = live_in(served)
    for picture in PICTURES:
        if picture.name in wanted and picture not in SET_UP:
            if picture.person not in tabs:
                tabs[picture.person] = open_tab(browser, served).log_in(picture.person)
            yield from take(tabs[picture.person], picture, filled(picture.path, ids))


def filled(path: str, ids: Mapping[str, int]) -> str:
    """``path`` with ids where names of them stand."""
    return path.format_map(ids) if "{" in path else path


def document() -> str:
    """The page of the documents that shows every page."""
    lines = ["# Pages", "", INTRODUCTION, ""]
    for title, pictures in AREAS.items():
        lines += [f"## {title}", ""]
        lines += ["| page | light | dark | phone |", "|---|---|---|---|"]
        for picture in pictures:
            shown = [f"![{picture.name}, {look}](../images/{picture.name}-{look}.png)" for look in LOOKS]
            lines.append(f"| **{picture.name}**: {picture.about} | {' | '.join(shown)} |")
        lines.append("")
    return "\n".join(lines)


def main(names: list[str]) -> int:
    """Take all pictures, or those of the pages that are named, and write their page."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "data", DEMO="true", WORKERS="1", RUNNERS="1") as found,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        served = replace(found, url=found.url.replace("127.0.0.1", "localhost"))  # passkeys are for names
        for file in take_all(browser, served, set(names) or {picture.name for picture in PICTURES}):
            sys.stdout.write(f"{file.relative_to(DOCS)} {file.stat().st_size:,}\n")
        browser.close()
    PAGE.write_text(document())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
