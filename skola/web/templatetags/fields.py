"""Fields of allauth's forms, drawn by our own components."""

from django import forms, template
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def form_fields(form: forms.BaseForm) -> SafeString:
    """Return the fields of ``form`` as every other form of the product shows them."""
    components = engines["jinja2"].env.globals["ui"]  # type: ignore[attr-defined]
    return mark_safe(str(components.fields(form)))  # noqa: S308  # the components escape
