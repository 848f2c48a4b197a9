"""What visitors, learners and authors send."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.services.courses.authoring import About, Filling
from skola.services.courses.models import Lesson, Section
from skola.services.courses.questions import Question, QuestionsError, questions_in
from skola.services.courses.rules import (
    LONGEST_TAG,
    MOST_TAGS,
    Direction,
    LessonKind,
    tags_in,
)

_PICTURES = ".png,.jpg,.jpeg,.webp,.gif"
_ACCEPTS = {
    LessonKind.PICTURE: _PICTURES,
    LessonKind.VIDEO: ".webm,.mp4",
    LessonKind.FILE: "",
}


_FAULTS = {
    "number": _("Ask one to twenty questions, with an empty line between them."),
    "answers": _("Question %(number)s needs at least two answers, one a line."),
    "right": _("Question %(number)s needs one right answer: begin it with *."),
}


class SearchForm(forms.Form):
    """Finding a course in the catalogue."""

    q = forms.CharField(label=_("Search for"), required=False, max_length=100)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All languages")), *((one, names[one]) for one in languages)]
        if len(languages) < 2:
            del self.fields["language"]


class CourseForm(forms.Form):
    """What a course says about itself."""

    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("Two or three sentences: who it is for, and what one can do afterwards."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(label=_("Language of the course"), choices=settings.LANGUAGES)
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP. It stands beside the title in the catalogue."),
        required=False,
        widget=forms.FileInput(attrs={"accept": _PICTURES}),
    )
    without_picture = forms.BooleanField(label=_("Remove the picture"), required=False)
    needs_seat = forms.BooleanField(
        label=_("Taken with a licence only: a client orders seats and gives them out"),
        required=False,
    )

    tags = forms.CharField(
        label=_("Tags"),
        help_text=_("What it is about, in up to six words or phrases, with commas between them."),
        max_length=200,
        required=False,
    )

    is_shared = forms.BooleanField(
        label=_("Its lessons stand in the library: other authors here may copy them"),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        has_picture: bool = False,
        sells_seats: bool = False,
        has_tags: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not has_tags:
            del self.fields["tags"]
        if not sells_seats:
            del self.fields["needs_seat"]
        if not has_picture:
            del self.fields["without_picture"]

    def clean_tags(self) -> list[str]:
        found = tags_in(self.cleaned_data["tags"])
        if len(found) > MOST_TAGS:
            raise ValidationError(_("Six tags at most: choose those that tell most."))
        if any(len(one) > LONGEST_TAG for one in found):
            raise ValidationError(_("A tag has at most 30 letters. Put commas between tags."))
        return found

    def about(self) -> About:
        """Return what was sent, once the form is valid."""
        told = self.cleaned_data
        return About(
            title=told["title"],
            summary=told["summary"],
            language=told["language"],
            picture=told["picture"] or None,
            without_picture=told.get("without_picture", False),
            needs_seat=told.get("needs_seat", False),
            is_shared=told["is_shared"],
            tags=tuple(told["tags"]) if "tags" in told else None,
        )


class LibraryForm(forms.Form):
    """Finding a lesson in the library."""

    q = forms.CharField(label=_("Search for"), required=False, max_length=100)


class CopyForm(forms.Form):
    """Where a lesson of the library is copied to."""

    section = forms.ChoiceField(label=_("Copy it to"))

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {str(one.pk): one for one in sections}
        field: Any = self.fields["section"]
        field.choices = [
            (key, f"{one.course.title}: {one.title}") for key, one in self.sections.items()
        ]

    def chosen(self) -> Section:
        """Return the section, once the form is valid."""
        return self.sections[self.cleaned_data["section"]]


class TitleForm(forms.Form):
    """The title of a section."""

    title = forms.CharField(label=_("Title of the part"), max_length=120)


class NewLessonForm(forms.Form):
    """A lesson begins with its title and its kind."""

    title = forms.CharField(label=_("Title of the lesson"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Lesson.Kind.choices)

    def filling(self) -> Filling:
        """Return what was sent, once the form is valid."""
        told = self.cleaned_data
        return Filling(title=told["title"], kind=LessonKind(told["kind"]))


class LessonForm(forms.Form):
    """What a lesson consists of; the fields depend on its kind."""

    title = forms.CharField(label=_("Title"), max_length=120)
    upload = forms.FileField(label=_("File"), required=False)
    captions = forms.FileField(
        label=_("Captions"),
        help_text=_("A WebVTT file (.vtt). Whoever cannot hear or may not listen reads along."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".vtt"}),
    )
    description = forms.CharField(
        label=_("What the picture shows"),
        help_text=_("For those who do not see it. One or two sentences."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=60_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
    )
    questions = forms.CharField(
        label=_("Questions"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One to twenty, with an empty line between them: the question, then one answer a line;"
            " the right one begins with *."
        ),
    )
    is_preview = forms.BooleanField(
        label=_("Anybody may read this lesson before enrolling"), required=False
    )

    def __init__(self, *args: Any, lesson: Lesson, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = LessonKind(lesson.kind)
        if kind in (LessonKind.TEXT, LessonKind.EXERCISE):
            del self.fields["upload"]
        else:
            self._name_media(kind, replaces=lesson.media_id is not None)
        if kind is not LessonKind.VIDEO:
            del self.fields["captions"]
        if kind is not LessonKind.PICTURE:
            del self.fields["description"]
        self.asked: tuple[Question, ...] = ()
        if kind is not LessonKind.EXERCISE:
            del self.fields["questions"]

    def _name_media(self, kind: LessonKind, *, replaces: bool) -> None:
        field = self.fields["upload"]
        field.widget = forms.FileInput(attrs={"accept": _ACCEPTS[kind]})
        field.label = {
            LessonKind.PICTURE: _("Picture"),
            LessonKind.VIDEO: _("Video"),
            LessonKind.FILE: _("File to take home"),
        }[kind]
        limits = {
            LessonKind.PICTURE: _("PNG, JPEG, WebP or GIF, at most 20 MB and 40 megapixels."),
            LessonKind.VIDEO: _("WebM or MP4, at most 2 GB."),
            LessonKind.FILE: _("Any file, at most 100 MB. Learners download it."),
        }[kind]
        replacing = _("A new file replaces the one that is there.")
        field.help_text = f"{limits} {replacing}" if replaces else limits

    def clean_questions(self) -> str:
        told: str = self.cleaned_data["questions"]
        if told.strip():
            try:
                self.asked = questions_in(told, fewest=1, most=20)
            except QuestionsError as problem:
                params = {"number": problem.number}
                raise ValidationError(_FAULTS[problem.code], params=params) from problem
        return told

    def filling(self) -> Filling:
        """Return what was sent, once the form is valid."""
        told = self.cleaned_data
        return Filling(
            questions=self.asked,
            title=told["title"],
            text=told["text"].replace("\r\n", "\n"),
            description=told.get("description", ""),
            is_preview=told["is_preview"],
            media=told.get("upload") or None,
            captions=told.get("captions") or None,
        )


class MoveForm(forms.Form):
    """A lesson or a section goes up or down by one place."""

    direction = forms.ChoiceField(choices=[(one, one) for one in Direction])

    def direction_asked(self) -> Direction:
        """Return what was sent, once the form is valid."""
        return Direction(self.cleaned_data["direction"])


class CompletionForm(forms.Form):
    """A lesson is done, or it is not after all; ``onward`` leads to the next one."""

    done = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )
    onward = forms.BooleanField(required=False)


class PlaceForm(forms.Form):
    """Where a video was stopped."""

    seconds = forms.IntegerField(min_value=0, max_value=7 * 24 * 3600)


class AnswersForm(forms.Form):
    """What a learner answers in an exercise; a question may be left out."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for place, one in enumerate(questions):
            self.fields[f"q{place}"] = forms.ChoiceField(
                label=one.text,
                choices=[(str(number), option) for number, option in enumerate(one.options)],
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def answers(self) -> dict[int, int]:
        """Return what was answered, once the form is valid."""
        told = self.cleaned_data
        places = range(len(self.questions))
        return {place: int(told[f"q{place}"]) for place in places if told.get(f"q{place}")}
