"""Whether everybody can use a page as it now is: light and dark, on a narrow screen, and at twice the size."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, TALL = 360, 740
RUN_AXE = """async ([rules, within]) => {
  const paper = document.documentElement.style
  const unnamed = getComputedStyle(document.documentElement).backgroundColor === "rgba(0, 0, 0, 0)"
  if (unnamed) paper.backgroundColor = "Canvas"  // axe takes for white what names no colour, in the dark too
  const all = await axe.run(within || document, {resultTypes: ["violations"], runOnly: rules})
  if (unnamed) paper.backgroundColor = ""
  return all.violations.map(({id, help, nodes}) => ({id, help, nodes:
    nodes.map(({target, html, failureSummary}) => ({target, html, failureSummary}))}))
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter(one => {
    const {right, width} = one.getBoundingClientRect()
    return width && right > document.documentElement.clientWidth + 1
  }).map(one => one.outerHTML.slice(0, 120))"""
WITHOUT_GLYPH = """() => {
  const paper = document.createElement("canvas")
  paper.width = paper.height = 24
  const pen = paper.getContext("2d", {willReadFrequently: true})
  pen.font = "16px " + getComputedStyle(document.body).fontFamily
  const drawn = character => {
    pen.clearRect(0, 0, 24, 24)
    pen.fillText(character, 2, 18)
    return pen.getImageData(0, 0, 24, 24).data.join()
  }
  const none = drawn("\\u{10FFFE}")
  return [...new Set(document.body.innerText)].filter(one => one.trim() && drawn(one) === none).join("")
}"""


def each_look(page: Page) -> Iterator[str]:
    """The page in two looks that between them are all of those in which it must be usable; then as it was.

    No rule of ours looks at both at once, so that what is wrong in the dark is not looked for at both sizes."""
    before = page.viewport_size
    for zoom, scheme in ((1, "light"), (2, "dark")):
        # A browser that zooms has so much less room for the page: what is 360 wide is 180 then.
        page.set_viewport_size({"width": NARROW // zoom, "height": TALL // zoom})
        page.emulate_media(color_scheme=scheme)
        yield f"{scheme}, {NARROW} px at {zoom}00 %"
    page.emulate_media(color_scheme="null")
    if before:
        page.set_viewport_size(before)


def check(page: Page) -> None:
    """Fails, in words, if somebody is shut out of the page as it now is."""
    wrong = [fault for look in each_look(page) for fault in (f"{look}: {one}" for one in (*axe(page), *too_wide(page)))]
    wrong += [f"no glyph for {one}" for one in without_glyph(page)]
    assert not wrong, "\n".join([f"{page.url} is not for everybody:", *wrong])


def axe(page: Page, rules: list[str] = RULES, within: str | None = None) -> list[str]:
    """What axe-core finds in the page as it now looks: the rules of WCAG 2.2 AA and good practice, or some by name;
    in all of it, or within what a selector names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE, [rules, within])
    return [
        f"{rule['id']}: {rule['help']}\n    {' '.join(map(str, node['target']))}: {node['html'][:200]}\n"
        f"    {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Elements for which one would have to scroll sideways."""
    wide: list[str] = page.evaluate(TOO_WIDE)
    return [f"wider than the screen: {one}" for one in wide]


def without_glyph(page: Page) -> str:
    """Characters that are written on the page and cannot be seen, or as a box only."""
    return str(page.evaluate(WITHOUT_GLYPH))
