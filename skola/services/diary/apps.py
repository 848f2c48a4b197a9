from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "skola.services.diary"
    label = "diary"

    def ready(self) -> None:
        from skola.promises.incidents.api import log_of_looks
        from skola.services.diary.models import Look

        def looked_at(reader: UUID, since: datetime, until: datetime) -> Iterable[UUID]:
            found = Look.objects.filter(reader_id=reader, last_at__gte=since, on__lte=until)
            return found.values_list("person_id", flat=True)

        log_of_looks("diary", looked_at)
