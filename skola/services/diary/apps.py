from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext as _


class DiaryConfig(AppConfig):
    name = "skola.services.diary"
    label = "diary"

    def ready(self) -> None:
        from skola.promises.incidents.api import log_of_looks
        from skola.services.customers.api import Function, register
        from skola.services.diary import calendar, texting
        from skola.services.diary.models import Look

        def looked_at(reader: UUID, since: datetime, until: datetime) -> Iterable[UUID]:
            found = Look.objects.filter(reader_id=reader, last_at__gte=since, on__lte=until)
            return found.values_list("person_id", flat=True)

        log_of_looks("diary", looked_at)
        register(Function(calendar.FUNCTION, lambda: _("lessons in one's own calendar")))
        register(Function(texting.FUNCTION, lambda: _("text messages about absences")))
