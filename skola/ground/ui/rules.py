"""Decisions about colour and display: contrast, safe accents, the display choice."""

import colorsys
import re
from dataclasses import dataclass
from enum import StrEnum

PAPER = "#fbfaf6"
"""The lightest page ground, as in ``tokens.css``."""
SLATE = "#14191d"
"""The darkest page ground, as in ``tokens.css``."""
AMBER = "#b4690e"
"""The accent of a service that names none."""

AA_TEXT = 4.5
"""WCAG 2.2, 1.4.3: the least contrast of text."""
ACCENT = 5.0
"""What an accent must reach on its ground, so that it also holds on a faint tint of itself."""
ACCENT_STRONG = 7.5
"""The same for those who ask for more contrast (above WCAG 1.4.6)."""

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of ``#rrggbb`` from 0 to 1; anything else raises ValueError."""
    found = _HEX.fullmatch(colour)
    if found is None:
        raise ValueError(f"{colour!r} is not a colour like #b4690e.")
    digits = found[1]
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance from 0 (black) to 1 (white). Source: WCAG 2.2, glossary."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21. Source: WCAG 2.2, glossary."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def safe_accent(accent: str, background: str, *, least: float = ACCENT) -> str:
    """Return ``accent``, made darker or lighter until it reads on ``background``.

    The hue stays; the lightness moves away from the background in steps of one percent until the
    contrast is at least ``least``, and ends at black or white when no shade of the hue reaches it.
    """
    if contrast(accent, background) >= least:
        return "#" + accent.lstrip("#").lower()
    away = -0.01 if luminance(background) > 0.18 else 0.01
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(accent))
    while 0 < (lightness := min(1.0, max(0.0, lightness + away))) < 1:
        shade = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
        if contrast(shade, background) >= least:
            return shade
    return "#000000" if away < 0 else "#ffffff"


def brand_css(accent: str) -> str:
    """Return the style sheet that gives a service its accent, safe in every scheme and contrast."""
    shades = {
        "--accent-on-paper": safe_accent(accent, PAPER),
        "--accent-on-slate": safe_accent(accent, SLATE),
        "--strong-on-paper": safe_accent(accent, "#ffffff", least=ACCENT_STRONG),
        "--strong-on-slate": safe_accent(accent, "#000000", least=ACCENT_STRONG),
    }
    lines = "".join(f"    {name}: {shade};\n" for name, shade in shades.items())
    return f"@layer brand {{\n  :root {{\n{lines}  }}\n}}\n"


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


class Scheme(StrEnum):
    """Light or dark; ``auto`` follows the device."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


SIZES = (100, 125, 150)
"""Text sizes on offer, in percent of what the browser is set to."""


@dataclass(frozen=True)
class Choice:
    """How a person wants to see pages. The default leaves everything to the device."""

    more_contrast: bool = False
    size: int = 100
    readable_font: bool = False
    scheme: Scheme = Scheme.AUTO

    def compact(self) -> str:
        """Return the value of the ``display`` cookie, such as ``c1.s125.f1.d2``."""
        return (
            f"c{self.more_contrast:d}.s{self.size}.f{self.readable_font:d}"
            f".d{list(Scheme).index(self.scheme)}"
        )


_COMPACT = re.compile(r"c([01])\.s(100|125|150)\.f([01])\.d([012])", re.ASCII)


def read_choice(compact: str) -> Choice | None:
    """Return the choice in a ``display`` cookie; None when the value is not one of ours."""
    found = _COMPACT.fullmatch(compact)
    if found is None:
        return None
    contrast_, size, font, scheme = found.groups()
    return Choice(
        more_contrast=contrast_ == "1",
        size=int(size),
        readable_font=font == "1",
        scheme=list(Scheme)[int(scheme)],
    )
