"""The notice: a policy as people read it, in one language, with the tables that its rules give.

``notice`` returns it as data: pages lay it out, with a mark beside each paragraph. ``as_markdown``
and ``as_html`` write it out whole, for printing and for the command line.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from msgspec.structs import replace

from skola.promises.policy import notice_tables
from skola.promises.policy.notice_tables import Shown
from skola.promises.policy.placeholders import fill, paths
from skola.promises.policy.schema import Paragraph, Policy
from skola.promises.policy.wording import wording


@dataclass(frozen=True, slots=True)
class Block:
    """A run of prose: one paragraph, or a list when ``items`` is not empty."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeParagraph:
    """A paragraph with its anchor, the clauses it tells of, and the tables below it."""

    id: str
    clause: tuple[str, ...]
    blocks: tuple[Block, ...]
    tables: tuple[Shown, ...]
    rules: tuple[str, ...]
    """The paths of the rules it refers to, ``retention.calls.at_most.period``."""


@dataclass(frozen=True, slots=True)
class NoticeSection:
    """A section with its heading."""

    id: str
    title: str
    paragraphs: tuple[NoticeParagraph, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A policy in one language."""

    language: str
    title: str
    in_force: str
    """One sentence: from when."""
    line: str
    """The whole policy in one line."""
    page: tuple[str, ...]
    """The whole policy on one page."""
    sections: tuple[NoticeSection, ...]


def notice(
    policy: Policy,
    language: str,
    *,
    versions: Sequence[Policy] = (),
    unused: Collection[str] = (),
) -> Notice:
    """The notice of a policy. Give the policy as it is executed, so that the law's terms are shown.

    ``versions`` are the tenant's versions for the table of changes, in any order. Processors that
    are ``unused``, by id, are neither in the tables nor in a list that names them (ema-2.4). Raises
    KeyError when the policy does not have the language, PlaceholderError when a text leads nowhere.
    """
    head = policy.policy
    if language not in head.languages:
        raise KeyError(language)
    words = wording(language)
    day = fill(policy, "{policy.effective}", language)
    return Notice(
        language=language,
        title=head.title.get(language) or policy.service.name,
        in_force=words.sentence("from_until", date=day),
        line=fill(policy, policy.summary.line[language], language),
        page=tuple(fill(policy, text[language], language) for text in policy.summary.page),
        sections=tuple(
            NoticeSection(
                section.id,
                section.title[language],
                tuple(
                    _paragraph(policy, each, language, versions, unused)
                    for each in policy.paragraph
                    if each.section == section.id
                ),
            )
            for section in policy.section
        ),
    )


def _paragraph(
    policy: Policy,
    paragraph: Paragraph,
    language: str,
    versions: Sequence[Policy],
    unused: Collection[str],
) -> NoticeParagraph:
    shown = without(policy, unused)
    text = without_items(paragraph.text[language], unused)
    return NoticeParagraph(
        id=paragraph.id,
        clause=tuple(paragraph.clause),
        blocks=tuple(blocks(fill(policy, text, language))),
        tables=tuple(
            notice_tables.table(shown, show, language, versions=versions) for show in paragraph.show
        ),
        rules=tuple(dict.fromkeys(paths(paragraph.text[language]))),
    )


def without(policy: Policy, unused: Collection[str]) -> Policy:
    """Return the policy without these processors, by id, for registers of who works for it."""
    if not unused:
        return policy
    return replace(policy, processor=[one for one in policy.processor if one.id not in unused])


_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zā-ž]|[„“”\"«])")


def without_items(text: str, unused: Collection[str]) -> str:
    """Return prose without the items of lists and the sentences that name one of these processors.

    A sentence begins behind a full stop, with a capital letter or a quotation.
    """
    if not unused:
        return text
    named = re.compile(rf"\{{processor\.(?:{'|'.join(map(re.escape, unused))})\.name\b")
    kept: list[str] = []
    for line in text.rstrip().split("\n"):
        if line.lstrip().startswith("- ") and named.search(line):
            if line.endswith(".") and kept and kept[-1].endswith(";"):
                kept[-1] = f"{kept[-1][:-1]}."
            continue
        kept.append(" ".join(one for one in _SENTENCES.split(line) if not named.search(one)))
    return "\n".join(kept)


def blocks(text: str) -> Iterator[Block]:
    """Prose cut into paragraphs at empty lines; lines that begin with ``- `` make a list."""
    lines: list[str] = []
    items: list[str] = []
    for line in [*text.strip().split("\n"), ""]:
        stripped = line.strip()
        if stripped.startswith("- "):
            if lines:
                yield Block(" ".join(lines))
                lines = []
            items.append(stripped[2:].strip())
        elif items and stripped and line.startswith(" "):
            items[-1] = f"{items[-1]} {stripped}"
        else:
            if items:
                yield Block("", tuple(items))
                items = []
            if stripped:
                lines.append(stripped)
            elif lines:
                yield Block(" ".join(lines))
                lines = []


def as_markdown(notice: Notice) -> str:
    """The notice as Markdown."""
    parts = [f"# {notice.title}", notice.in_force, f"**{notice.line}**", *notice.page]
    for section in notice.sections:
        parts.append(f"## {section.title}")
        for paragraph in section.paragraphs:
            for number, block in enumerate(paragraph.blocks):
                before = f"{paragraph.id}. " if number == 0 and paragraph.id[0].isdigit() else ""
                parts.append(
                    "\n".join(f"- {item}" for item in block.items)
                    if block.items
                    else f"{before}{block.text}"
                )
            parts.extend(_markdown_table(shown) for shown in paragraph.tables)
    return "\n\n".join(parts) + "\n"


def _markdown_table(shown: Shown) -> str:
    rows = [
        " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row.cells)
        for row in shown.rows
    ]
    lines = [" | ".join(shown.headings), " | ".join("---" for _ in shown.headings), *rows]
    return f"**{shown.caption}**\n\n" + "\n".join(f"| {line} |" for line in lines)


def as_html(notice: Notice) -> str:
    """The notice as an HTML fragment, everything escaped, with the paragraphs' ids as anchors."""
    out = [f'<article lang="{notice.language}">', f"<h1>{escape(notice.title)}</h1>"]
    out.append(f"<p>{escape(notice.in_force)}</p>")
    out.append(f"<p><strong>{escape(notice.line)}</strong></p>")
    out.extend(f"<p>{escape(text)}</p>" for text in notice.page)
    for section in notice.sections:
        out.append(f'<section id="{escape(section.id)}"><h2>{escape(section.title)}</h2>')
        for paragraph in section.paragraphs:
            out.append(f'<div id="p-{escape(paragraph.id)}">')
            out.extend(_html_block(block) for block in paragraph.blocks)
            out.extend(_html_table(shown) for shown in paragraph.tables)
            out.append("</div>")
        out.append("</section>")
    out.append("</article>")
    return "\n".join(out) + "\n"


def _html_block(block: Block) -> str:
    if block.items:
        items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
        return f"<ul>{items}</ul>"
    return f"<p>{escape(block.text)}</p>"


def _html_table(shown: Shown) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in shown.headings)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells) + "</tr>"
        for row in shown.rows
    )
    return (
        f"<table><caption>{escape(shown.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
