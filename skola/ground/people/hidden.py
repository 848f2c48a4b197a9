"""A person who may not be read looks like one who is gone: without a name.

A row about somebody may name somebody else, as its author or counterpart, whose own row the
database hides (``skola.promises.gate``). The page that shows the row goes on.
"""

from typing import Any

from django.db.models.fields.related_descriptors import (
    ForwardManyToOneDescriptor,
    ForwardOneToOneDescriptor,
)

from skola.ground.people.models import Person


class _Nameless:
    """Beside Django's descriptor of a key to a person."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        getter: Any = super()
        try:
            found = getter.__get__(instance, cls)
        except Person.DoesNotExist:
            found = None
        key = getattr(instance, self.field.attname, None)
        if instance is None or found is not None or key is None:
            return found
        nameless = Person(pk=key)
        self.field.set_cached_value(instance, nameless)
        return nameless


class _Many(_Nameless, ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    """The same for a foreign key."""


class _One(_Nameless, ForwardOneToOneDescriptor):  # type: ignore[type-arg]
    """The same for a key that is unique."""


def install() -> None:
    """Let every key to a person answer so, in whatever room."""
    for relation in Person._meta.related_objects:
        field: Any = relation.field
        one: type[Any] = _One if field.one_to_one else _Many
        setattr(field.model, field.name, one(field))
