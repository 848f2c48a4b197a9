"""Numbers of requests and claims."""

from django.db.models import F

from skola.promises.rights.models import RequestNumbers


def next_number() -> int:
    """Return the next number; two that ask at once wait for each other, and none comes twice."""
    RequestNumbers.objects.get_or_create()
    RequestNumbers.objects.update(last=F("last") + 1)
    return RequestNumbers.objects.get().last
