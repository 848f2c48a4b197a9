"""Our own icons: strokes on a grid of 20, drawn in the colour of the text around them.

An icon never speaks alone. It stands beside a word and is hidden from screen readers; where it is
the only content of a control, the control carries the word as its label.
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
    "s4.6 1.4 5 4.2M12.5 4.3a2.6 2.6 0 0 1 0 5M14 12c2 .4 3.2 1.7 3.5 4",
    "more": "M4.5 10h.01M10 10h.01M15.5 10h.01",
    "privacy": "M10 2.8l6 2.2v4.5c0 3.7-2.4 6.2-6 7.7-3.6-1.5-6-4-6-7.7V5z",
    "desk": "M3 11.5V10a7 7 0 0 1 14 0v1.5M3 11.5h2.5v4H4a1 1 0 0 1-1-1zM17 11.5h-2.5v4"
    "H16a1 1 0 0 0 1-1zM15.5 15.5c0 1.2-1.5 2-4 2",
    "billing": "M4.5 3h11v14l-2-1.3-1.7 1.3-1.8-1.3L8.2 17l-1.7-1.3-2 1.3zM7.5 7h5M7.5 10.5h5",
    "shop": "M3.5 7h13l-1 9.5h-11zM7 7V5.5a3 3 0 0 1 6 0V7",
    "hiring": "M3 6.5h14v10H3zM7.5 6.5V4h5v2.5M3 11h14",
    "exercise": "M3.5 5.5l1.3 1.3 2.2-2.6M9.5 5.5h7M3.5 11l1.3 1.3L7 9.7M9.5 11h7M9.5 16h7",
    "exams": "M5 3h7l3.5 3.5V17H5zM12 3v3.5h3.5M7.8 11.5l1.5 1.5 3-3.2",
    "certificate": "M10 11.5a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4zM7.5 11v6l2.5-1.6L12.5 17v-6",
    "audit": "M5 3h10v14H5zM7.5 7h5M7.5 10h5M7.5 13h3",
    "settings": "M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4",
    "display": "M10 3v14M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14zM12.5 4v12M15 5.5v9",
    "home": "M3.5 9.5L10 3.5l6.5 6M5.5 8v8.5h9V8",
    # acts
    "search": "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4",
    "add": "M10 4v12M4 10h12",
    "edit": "M4 16l.8-3.5L13.5 3.8l2.7 2.7L7.5 15.2zM11.8 5.5l2.7 2.7",
    "remove": "M4.5 6h11M8 6V4h4v2M6 6l.7 10.5h6.6L14 6M8.5 9v5M11.5 9v5",
    "download": "M10 3v9.5M6 9l4 4 4-4M4 16.5h12",
    "upload": "M10 13V3.5M6 7l4-4 4 4M4 16.5h12",
    "print": "M6 8V3h8v5M6 14H3.5V8h13v6H14M6 12h8v5H6z",
    "filter": "M3 5h14M6 10h8M8.5 15h3",
    "close": "M5 5l10 10M15 5L5 15",
    "next": "M8 4.5l5.5 5.5L8 15.5",
    "previous": "M12 4.5L6.5 10l5.5 5.5",
    "down": "M4.5 7.5L10 13l5.5-5.5",
    "up": "M4.5 12.5L10 7l5.5 5.5",
    "external": "M8 5H4.5v10.5H15V12M11 4h5v5M16 4l-7.5 7.5",
    "play": "M6.5 4v12l9.5-6z",
    "flag": "M5.5 17.5V3h9l-2.5 3.2L14.5 9.5H5.5",
    "lock": "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
    "why": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM8 8a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1v.3"
    "M10 13.7h.01",
    # kinds of unit
    "text": "M5 3h10v14H5zM7.5 7h5M7.5 10h5M7.5 13h3",
    "picture": "M3 4h14v12H3zM3 13.5l4-4 3.5 3.5 2.5-2.5 4 4M13 7.5h.01",
    "video": "M3 5h10v10H3zM13 9l4-2.5v7L13 11z",
    "file": "M5 3h7l3.5 3.5V17H5zM12 3v3.5h3.5",
    # notices
    "note": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9v4.5M10 6.5h.01",
    "clock": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4.2l2.8 1.6",
    "dot": "M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
}

_SOLIDS: dict[str, Markup] = {
    # The shape of a state differs in its outline, not only in its sign: disc, diamond, half, ring.
    "ok": Markup(
        '<circle cx="10" cy="10" r="8" fill="currentColor"/>'
        '<path class="icon-sign" d="M6 10.3l2.7 2.7L14 7.5" fill="none"/>'
    ),
    "broken": Markup(
        '<path d="M10 .9 19.1 10 10 19.1 .9 10z" fill="currentColor"/>'
        '<path class="icon-sign" d="M10 5.5v5.2M10 13.7v.1" fill="none"/>'
    ),
    "waiting": Markup(
        '<circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        '<path d="M10 2.8a7.2 7.2 0 0 1 0 14.4z" fill="currentColor"/>'
    ),
    "neutral": Markup(
        '<circle cx="10" cy="10" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6" '
        'stroke-dasharray="2.6 2.1"/>'
    ),
}


@cache
def icon(name: str) -> Markup:
    """Return an icon as inline SVG, hidden from screen readers; an unknown name is a dot."""
    solid = _SOLIDS.get(name)
    body = solid or Markup('<path d="{}"/>').format(_STROKES.get(name, _STROKES["dot"]))
    kind = "icon icon-solid" if solid else "icon"
    return Markup(
        '<svg class="{}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>'
    ).format(kind, body)


NAMES = (*_STROKES, *_SOLIDS)
