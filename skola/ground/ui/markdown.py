"""Texts that people write: CommonMark and tables, no HTML of their own, links outside marked."""

from functools import cache

import nh3
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_INLINE = {"a", "br", "code", "em", "img", "s", "span", "strong"}
_BLOCKS = {"blockquote", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_TABLE = {"table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {
    "a": {"href", "title", "class", "rel", "referrerpolicy"},
    "code": {"class"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "span": {"class"},
    "th": {"class", "scope"},
    "td": {"class"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_ALIGN = {"text-align:left": "start", "text-align:right": "end", "text-align:center": "centre"}
_DEEPEST = 6


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def is_external(address: str) -> bool:
    """Tell whether a link in a text leaves this host: it names a host of its own."""
    plain = address.strip().lower().replace("\\", "/")
    return plain.startswith(("http://", "https://", "//"))


def outside_mark() -> Markup:
    """Return what follows the words of a link to another site: an arrow, and words for readers."""
    words = escape(gettext("(another site, with a privacy policy of its own)"))
    return Markup('<span class="visually-hidden"> {}</span>').format(words)


def _adapt(tokens: list[Token], level: int) -> None:
    """Change the parsed text in place: heading levels, marks of outside links, plain alignment."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(_DEEPEST, int(token.tag[1]) - highest + level)}"
    for token in tokens:
        if "style" in token.attrs:
            style = str(token.attrs.pop("style"))
            token.attrs["class"] = _ALIGN.get(style, "start")
        if token.type == "th_open":
            token.attrs["scope"] = "col"
        if token.children:
            token.children = _mark_links(token.children)


def _mark_links(tokens: list[Token]) -> list[Token]:
    marked: list[Token] = []
    outside = False
    for token in tokens:
        if token.type == "link_open" and is_external(str(token.attrs.get("href", ""))):
            outside = True
            token.attrs |= {"class": "external", "rel": "noopener noreferrer"}
        if token.type == "link_close" and outside:
            outside = False
            marked.append(Token("html_inline", "", 0, content=str(outside_mark())))
        if token.type == "image":
            token.attrs["loading"] = "lazy"
        marked.append(token)
    return marked


def markdown(text: str | None, level: int = 2) -> Markup:
    """Return a text as safe HTML; its highest heading becomes ``<h{level}>``.

    HTML in the text is shown as text. Links to other hosts carry the outside mark and
    ``rel="noopener noreferrer"`` (ekool-6.5, ema-8.2).
    """
    if not text:
        return Markup("")
    parser = _parser()
    tokens = parser.parse(text)
    _adapt(tokens, level)
    html = parser.renderer.render(tokens, parser.options, {})
    return Markup(
        nh3.clean(
            html,
            tags=_INLINE | _BLOCKS | _TABLE,
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            url_schemes=_SCHEMES,
            link_rel=None,
        )
    )
