from django.urls import path

from skola.services.workforce.views import company, own, people

app_name = "workforce"
urlpatterns = [
    path("", own.mine, name="mine"),
    path("tasks/<uuid:pk>/beginnings/", own.take_course, name="take-course"),
    path("data/", own.data, name="data"),
    path("companies/", own.companies, name="companies"),
    path("people/<uuid:pk>/", people.employee, name="employee"),
    path("people/<uuid:pk>/tasks/<uuid:task>/completions/", people.note_done, name="completions"),
    path("<uuid:pk>/", people.people, name="people"),
    path("people/<uuid:pk>/identifiers/", people.show_identifier, name="identifier"),
    path("<uuid:pk>/finds/", people.find, name="finds"),
    path("<uuid:pk>/identifiers/", company.identifiers, name="identifiers"),
    path("<uuid:pk>/list/", company.import_list, name="import"),
    path("<uuid:pk>/lists/", company.apply_list, name="lists"),
    path("<uuid:pk>/organisation/", company.organisation, name="organisation"),
    path("<uuid:pk>/charges/", company.give_charge, name="charges"),
    path("<uuid:pk>/charges/<uuid:charge>/endings/", company.end_charge, name="charge-endings"),
    path("<uuid:pk>/requirements/", company.requirements, name="requirements"),
    path(
        "<uuid:pk>/requirements/<uuid:rule>/endings/",
        company.end_requirement,
        name="requirement-endings",
    ),
]
