"""Which fonts the machine has: a script without one would be printed as empty boxes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from bot.i18n.languages import Language

NOTO, CJK = "fonts-noto-core", "fonts-noto-cjk"
# By script (ISO 15924): the fonts of which one must be there, the best first, and its package.
FONTS = {
    "Latn": (("Noto Sans", "DejaVu Sans", "Liberation Sans"), NOTO),
    "Cyrl": (("Noto Sans", "DejaVu Sans", "Liberation Sans"), NOTO),
    "Arab": (("Noto Sans Arabic", "Noto Naskh Arabic"), NOTO),
    "Ethi": (("Noto Sans Ethiopic",), NOTO),
    "Hans": (("Noto Sans CJK SC",), CJK),
}


def font_families() -> str:
    """All of them, as CSS wants it, the best of each script first: a page holds more than one, and
    fonts for Latin letters often have poor Arabic ones, too.
    """
    best = [fonts[0] for fonts, _ in FONTS.values()]
    names = dict.fromkeys([*best, *(name for fonts, _ in FONTS.values() for name in fonts)])
    return ", ".join(f"'{name}'" for name in names)


def missing_fonts(languages: Mapping[str, Language]) -> str:
    """What to install for these languages; nothing if all of them can be printed."""
    lacking = [code for code, language in languages.items() if not _has_font(language.script)]
    if not lacking:
        return ""
    packages = sorted({FONTS.get(languages[code].script, ((), NOTO))[1] for code in lacking})
    return f"fonts for {', '.join(lacking)} (Debian: apt-get install {' '.join(packages)})"


def _has_font(script: str) -> bool:
    return bool(set(FONTS.get(script, ((), NOTO))[0]) & installed())


@cache
def installed() -> frozenset[str]:
    """The names of the machine's fonts, by fontconfig."""
    # WeasyPrint has opened fontconfig already; no other package is needed to ask it.
    library: Any = import_module("weasyprint.text.ffi")
    fontconfig, ffi = library.fontconfig, library.ffi
    config = fontconfig.FcInitLoadConfigAndFonts()
    fonts = fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem)
    name = ffi.new("FcChar8 **")
    found = {
        ffi.string(ffi.cast("char *", name[0])).decode()
        for number in range(fonts.nfont)
        if fontconfig.FcPatternGetString(fonts.fonts[number], b"family", 0, name) == 0
    }
    fontconfig.FcConfigDestroy(config)
    return frozenset(found)
