"""The sign-in pages of allauth inside our own frame, which is drawn by Jinja2.

``{% shell %}title{% shellmain %}content{% shellscripts %}scripts{% endshell %}`` renders its parts and
hands them to ``web/shell.html``.
"""

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class ShellNode(template.Node):
    """Title, content and scripts of a page."""

    child_nodelists = ("title", "main", "scripts")

    def __init__(self, title: NodeList, main: NodeList, scripts: NodeList) -> None:
        self.title, self.main, self.scripts = title, main, scripts

    def render(self, context: Context) -> SafeString:
        # the parts were rendered, and escaped, by Django's own templates a moment ago
        parts = {
            "title": self.title.render(context).strip(),
            "content": mark_safe(self.main.render(context)),  # noqa: S308
            "scripts": mark_safe(self.scripts.render(context)),  # noqa: S308
            "messages": context.get("messages"),
        }
        page = render_to_string("web/shell.html", parts, request=context.get("request"))
        return mark_safe(page)  # noqa: S308


@register.tag
def shell(parser: Parser, token: Token) -> ShellNode:
    """Put a page of Django's templates into the frame."""
    title = parser.parse(("shellmain",))
    parser.delete_first_token()
    main = parser.parse(("shellscripts",))
    parser.delete_first_token()
    scripts = parser.parse(("endshell",))
    parser.delete_first_token()
    return ShellNode(title, main, scripts)
