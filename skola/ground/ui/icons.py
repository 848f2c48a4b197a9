"""Our own icons: strokes on a grid of 20, drawn in the colour of the text around them.

An icon never speaks alone. It stands beside a word and is hidden from screen readers; where it is the
only content of a control, the control carries the word as its label.
"""

from functools import cache

from markupsafe import Markup

_STROKES: dict[str, str] = {
    # places
    "today": "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5M8 12.5l1.5 1.5 3-3",
    "courses": "M3.5 4.5h5.2c.8 0 1.3.6 1.3 1.4v10.6c0-.8-.6-1.4-1.4-1.4H3.5zM16.5 4.5h-5.2"
    "c-.8 0-1.3.6-1.3 1.4v10.6c0-.8.6-1.4 1.4-1.4h5.1z",
    "timetable": "M3.5 3.5h13v13h-13zM3.5 8h13M8 3.5v13M12.5 3.5v13",
    "diary": "M5 3h11v14H5zM5 3v14M8 3v14M10.5 7h3M10.5 10h3",
    "messages": "M3 4.5h14v9.5H9.5L6 17v-3H3z",
    "me": "M10 10.2a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6zM3.8 17c.6-3.3 3-5 6.2-5s5.6 1.7 6.2 5",
    "people": "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 16c.4-2.8 2.3-4.2 5-4.2"
    "s4.600 1.400 5 4.200M12.500 4.300a2.600 2.600 0 0 1 0 5M14 12c2 .4 3.200 1.700 3.500 4",
    "more": "M4.5 10h.01M10 10h.01M15.500 10h.01",
    "privacy": "M10 2.800l6 2.200v4.500c0 3.700-2.400 6.200-6 7.700-3.600-1.500-6-4-6-7.700V5z",
    "desk": "M3 11.500V10a7 7 0 0 1 14 0v1.500M3 11.500h2.500v4H4a1 1 0 0 1-1-1zM17 11.500h-2.500v4"
    "H16a1 1 0 0 0 1-1zM15.500 15.500c0 1.200-1.500 2-4 2",
    "billing": "M4.500 3h11v14l-2-1.300-1.700 1.300-1.800-1.300L8.200 17l-1.700-1.300-2 1.300z"
    "M7.500 7h5M7.500 10.500h5",
    "shop": "M3.500 7h13l-1 9.500h-11zM7 7V5.500a3 3 0 0 1 6 0V7",
    "hiring": "M3 6.500h14v10H3zM7.500 6.500V4h5v2.500M3 11h14",
    "exams": "M5 3h7l3.500 3.500V17H5zM12 3v3.500h3.500M7.800 11.500l1.500 1.500 3-3.200",
    "certificate": "M10 11.500a4.200 4.200 0 1 0 0-8.400 4.200 4.200 0 0 0 0 8.400zM7.500 11v6l2.500-1.600"
    "L12.500 17v-6",
    "audit": "M5 3h10v14H5zM7.500 7h5M7.500 10h5M7.500 13h3",
    "settings": "M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4",
    "display": "M10 3v14M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14zM12.500 4v12M15 5.500v9",
    "home": "M3.500 9.500L10 3.500l6.500 6M5.500 8v8.500h9V8",
    # acts
    "search": "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4",
    "add": "M10 4v12M4 10h12",
    "edit": "M4 16l.8-3.500L13.500 3.800l2.700 2.700L7.500 15.200zM11.800 5.500l2.700 2.700",
    "remove": "M4.500 6h11M8 6V4h4v2M6 6l.7 10.500h6.600L14 6M8.500 9v5M11.500 9v5",
    "download": "M10 3v9.500M6 9l4 4 4-4M4 16.500h12",
    "upload": "M10 13V3.500M6 7l4-4 4 4M4 16.500h12",
    "print": "M6 8V3h8v5M6 14H3.500V8h13v6H14M6 12h8v5H6z",
    "filter": "M3 5h14M6 10h8M8.500 15h3",
    "close": "M5 5l10 10M15 5L5 15",
    "next": "M8 4.500l5.500 5.500L8 15.500",
    "previous": "M12 4.500L6.500 10l5.500 5.500",
    "down": "M4.500 7.500L10 13l5.500-5.500",
    "external": "M8 5H4.500v10.500H15V12M11 4h5v5M16 4l-7.500 7.500",
    "play": "M6.500 4v12l9.500-6z",
    "lock": "M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9",
    "why": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8 8a2 2 0 1 1 2.600 1.900c-.4.2-.6.5-.6 1v.3"
    "M10 13.700h.01",
    # kinds of unit
    "text": "M5 3h10v14H5zM7.500 7h5M7.500 10h5M7.500 13h3",
    "picture": "M3 4h14v12H3zM3 13.500l4-4 3.500 3.500 2.500-2.500 4 4M13 7.500h.01",
    "video": "M3 5h10v10H3zM13 9l4-2.500v7L13 11z",
    "file": "M5 3h7l3.500 3.500V17H5zM12 3v3.500h3.500",
    # notices
    "note": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9v4.500M10 6.500h.01",
    "clock": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.200l2.800 1.600",
    "dot": "M10 7.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
}

_SOLIDS: dict[str, str] = {
    # The shape of a state differs in its outline, not only in its sign: disc, diamond, half, ring.
    "ok": '<circle cx="10" cy="10" r="8" fill="currentColor"/><path class="icon-sign" '
    'd="M6 10.300l2.700 2.700L14 7.500" fill="none"/>',
    "broken": '<path d="M10 .9 19.100 10 10 19.100 .9 10z" fill="currentColor"/>'
    '<path class="icon-sign" d="M10 5.500v5.200M10 13.700v.1" fill="none"/>',
    "waiting": '<circle cx="10" cy="10" r="7.200" fill="none" stroke="currentColor" '
    'stroke-width="1.600"/><path d="M10 2.800a7.200 7.200 0 0 1 0 14.400z" fill="currentColor"/>',
    "neutral": '<circle cx="10" cy="10" r="6.500" fill="none" stroke="currentColor" '
    'stroke-width="1.600" stroke-dasharray="2.600 2.100"/>',
}


@cache
def icon(name: str) -> Markup:
    """Return an icon as inline SVG, hidden from screen readers; an unknown name is a dot."""
    if name in _SOLIDS:
        body, kind = _SOLIDS[name], "icon icon-solid"
    else:
        body, kind = f'<path d="{_STROKES.get(name, _STROKES["dot"])}"/>', "icon"
    return Markup(
        f'<svg class="{kind}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{body}</svg>'
    )


NAMES = (*_STROKES, *_SOLIDS)
