from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "skola.services.companies"
    label = "companies"
