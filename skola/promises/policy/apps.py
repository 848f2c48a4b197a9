from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "skola.promises.policy"
    label = "policy"

    def ready(self) -> None:
        """A job of a room reads for the purposes that the room serves, as its pages do."""
        from skola.ground.jobs import api as jobs
        from skola.promises.policy.live import reading_for_room

        jobs.around(reading_for_room)
