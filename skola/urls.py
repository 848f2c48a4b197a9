"""The site map: every room that has pages puts its own here."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

_PLACES = {
    "skola.ground.ui": "",
    "skola.ground.files": "files/",
    "skola.promises.notices": "privacy/",
    "skola.promises.cookies": "cookies/",
    "skola.promises.disclosures": "office/promises/disclosures/",
    "skola.promises.connectors": "",
    "skola.promises.rights": "",
    "skola.promises.minors": "",
    "skola.promises.accuracy": "accuracy/",
    "skola.promises.quality": "quality/",
    "skola.promises.incidents": "office/promises/incidents/",
    "skola.promises.decisions": "decisions/",
    "skola.promises.emergency": "office/promises/emergencies/",
    "skola.promises.handover": "",
    "skola.promises.simulation": "office/promises/",
    "skola.promises.reports": "office/reports/",
    "skola.promises.statistics": "figures/",
    "skola.services.school": "school/",
    "skola.services.diary": "diary/",
    "skola.services.archives": "archives/",
    "skola.services.community": "posts/",
    "skola.services.messages": "messages/",
    "skola.services.pupils": "pupils/",
    "skola.services.statements": "statements/",
    "skola.services.visits": "visits/",
    "skola.services.courses": "courses/",
    "skola.services.billing": "contracts/",
    "skola.services.applications": "applications/",
    "skola.services.campaigns": "offers/",
    "skola.services.desk": "desk/",
    "skola.services.chat": "chat/",
    "skola.services.referral": "friends/",
    "skola.services.testimonials": "testimonials/",
    "skola.services.forums": "forums/",
    "skola.services.reaching": "",
    "skola.services.upkeep": "upkeep/",
    "skola.services.partners": "partners/",
    "skola.services.customers": "services/",
    "skola.services.papers": "papers/",
    "skola.services.live": "live/",
    "skola.services.habits": "opinion/",
    "skola.services.premises": "premises/",
    "skola.services.documents": "documents/",
    "skola.services.staff": "staff/",
    "skola.services.surveys": "surveys/",
    "skola.services.events": "events/",
    "skola.services.companies": "companies/",
    "skola.services.undertakings": "undertaking/",
    "skola.services.groups": "groups/",
    "skola.services.academies": "academies/",
    "skola.services.runs": "runs/",
    "skola.services.hiring": "jobs/",
    "skola.services.workforce": "workforce/",
    "skola.services.briefings": "briefings/",
    "skola.services.licences": "licences/",
    "skola.services.shop": "shop/",
    "skola.services.exams": "exams/",
    "skola.services.networks": "networks/",
    "skola.services.certificates": "certificates/",
    "skola.services.records": "records/",
    "skola.web": "",
}

urlpatterns = [
    path(place, include(f"{room}.urls"))
    for room, place in _PLACES.items()
    if room in settings.INSTALLED_APPS and find_spec(f"{room}.urls")
]
urlpatterns += [
    path("office/promises/changes/", include("skola.promises.notices.office_urls")),
    path("account/", include("allauth.urls")),
]

handler400 = "skola.web.errors.bad_request"
handler403 = "skola.web.errors.forbidden"
handler404 = "skola.web.errors.not_found"
handler500 = "skola.web.errors.broken"
