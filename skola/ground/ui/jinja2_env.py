"""The Jinja2 environment of every room, for Django's own backend.

``OPTIONS["environment"] = "skola.ground.ui.jinja2_env.environment"``. Templates get the macros as
``ui``, ``_`` and ``ngettext`` (new style: ``_("Hello %(name)s", name=x)``), ``static``, ``url``,
``icon`` and the filters of ``formats.py`` and ``markdown.py``.
"""

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import jinja2
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import engines
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_htmx.jinja import htmx_script

from skola.ground.ui import charts, fields, formats, icons, tables
from skola.ground.ui.markdown import is_external, markdown, outside_mark

MACROS = ("ui/parts.html", "ui/controls.html", "ui/data.html", "ui/clocks.html")
"""Files whose macros the global ``ui`` offers, looked through in this order."""


class Components:
    """The global ``ui``: every macro of the design system by its name, loaded when first used."""

    def __init__(self, env: jinja2.Environment) -> None:
        self._env = env
        self._found: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._found:
            return self._found[name]
        for path in MACROS:
            macro = getattr(self._env.get_template(path).module, name, None)
            if macro is not None:
                if not self._env.auto_reload:
                    self._found[name] = macro
                return macro
        raise jinja2.TemplateRuntimeError(f"There is no component ui.{name}; see /styleguide/.")


@lru_cache(maxsize=512)
def _address(name: str, site_map: str, prefix: str) -> str:
    """Return an address that needs no arguments; asked for on every page, and dear to work out."""
    return reverse(name, site_map)


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a named view: ``url("courses:lesson", pk=lesson.pk)``."""
    if args or kwargs:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


def active_language() -> str:
    """Return the language of the words on this page, for ``<html lang>``."""
    return translation.get_language() or settings.LANGUAGE_CODE


def csrf_field(request: HttpRequest) -> SafeString:
    """Return the hidden field that a POST form needs, for macros that get only the request."""
    token = get_token(request)
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


def environment(**options: Any) -> jinja2.Environment:
    """Return the environment; called once by Django with the options of the settings."""
    options["undefined"] = jinja2.Undefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options.setdefault("extensions", []).append("jinja2.ext.i18n")
    options["extensions"] += ["jinja2.ext.do", "jinja2.ext.loopcontrols"]
    options.pop("autoescape", None)
    env = jinja2.Environment(autoescape=True, **options)
    install: Any = env
    install.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(
        ui=Components(env),
        static=static,
        url=url,
        url_of=url,
        active_language=active_language,
        icon=icons.icon,
        csrf_field=csrf_field,
        drawn=fields.drawn,
        faults=fields.faults,
        labelled=tables.labelled,
        is_external=is_external,
        outside_mark=outside_mark,
        share=charts.share,
        share_of_time=charts.share_of_time,
        chart_bars=charts.chart_bars,
        chart_words=charts.chart_words,
        clock_sentence=charts.clock_sentence,
        clock_words=charts.clock_words,
        address_with=charts.address_with,
        htmx_script=partial(htmx_script, minified=not settings.DEBUG),
    )
    env.filters.update(formats.FILTERS)
    env.filters["markdown"] = markdown
    return env


def render_block(
    template: str, block: str, context: Mapping[str, object], request: HttpRequest | None = None
) -> str:
    """Return one block of a page, for an htmx request that swaps only that part.

    Raises KeyError, naming the template, when it has no such block.
    """
    backend: Any = engines["jinja2"]
    page = backend.env.get_template(template)
    values = dict(context)
    if request is not None:
        values["request"] = request
        values["csrf_input"] = csrf_field(request)
        for processor in backend.template_context_processors:
            values.update(processor(request))
    if block not in page.blocks:
        raise KeyError(f"{template} has no block {block!r}.")
    return "".join(page.blocks[block](page.new_context(values)))
