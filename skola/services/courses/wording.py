"""What is missing in a course, in the words of its author."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.services.courses.queries import Contents
from skola.services.courses.rules import Gap, Missing


@dataclass(frozen=True)
class GapWords:
    """One thing that is missing, and the page where it is put right."""

    words: str
    url: str


def gap_words(found: Contents) -> list[GapWords]:
    """Return what a course lacks before it can be published, each with where to add it."""
    return [_say(found, one) for one in found.missing]


def _say(found: Contents, one: Missing) -> GapWords:
    slug = found.course.slug
    edit = reverse("courses:edit", args=[slug])
    if one.gap is Gap.SUMMARY:
        return GapWords(
            _("The course has no summary: nobody could tell what it is about."),
            reverse("courses:describe", args=[slug]),
        )
    if one.gap is Gap.NO_LESSON:
        return GapWords(_("There is no lesson yet."), f"{edit}#outline")
    if one.gap is Gap.EMPTY_SECTION:
        title = next(section.title for section, _pages in found.sections if section.pk == one.where)
        words = _("The part “%(title)s” is empty: add a lesson or remove it.") % {"title": title}
        return GapWords(words, f"{edit}#part-{one.where}")
    lesson = next(page.lesson for page in found.pages if page.lesson.pk == one.where)
    sentence = {
        Gap.NO_TEXT: _("The lesson “%(title)s” has no text."),
        Gap.NO_QUESTIONS: _("The exercise “%(title)s” asks nothing."),
        Gap.NO_FILE: _("The lesson “%(title)s” has no file."),
        Gap.NO_CAPTIONS: _("The video of “%(title)s” has no captions."),
        Gap.NO_DESCRIPTION: _("The picture of “%(title)s” is not described in words."),
    }[one.gap]
    return GapWords(
        sentence % {"title": lesson.title},
        reverse("courses:edit_lesson", args=[slug, lesson.slug]),
    )
