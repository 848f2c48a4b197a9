from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class TenantsConfig(AppConfig):
    name = "skola.ground.tenants"
    label = "tenants"

    def ready(self) -> None:
        from skola.ground.db.states import render_what_points_to_a_change
        from skola.ground.tenants.build import build_walls, open_walls

        render_what_points_to_a_change()
        pre_migrate.connect(open_walls, dispatch_uid="tenants.open_walls")
        post_migrate.connect(build_walls, dispatch_uid="tenants.walls")
