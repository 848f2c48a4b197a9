from django.urls import path

from skola.services.briefings.views import company, own

app_name = "briefings"
urlpatterns = [
    path("key/", own.key, name="key"),
    path("authorities.pem", own.authorities, name="authorities"),
    path("verify.py", own.verifier, name="verifier"),
    path("tasks/<uuid:pk>/", own.task, name="task"),
    path("tasks/<uuid:pk>/signatures/", own.sign, name="sign"),
    path("people/<uuid:pk>/", own.evidence, name="evidence"),
    path("people/<uuid:pk>/evidence.<str:kind>", own.evidence_file, name="evidence-file"),
    path("people/<uuid:pk>/records/<uuid:record>.pdf", own.signed_record, name="signed-record"),
    path("<uuid:pk>/texts/", company.texts, name="texts"),
    path("<uuid:pk>/texts/<uuid:training>/", company.text, name="text"),
    path("<uuid:pk>/journal/", company.journal, name="journal"),
    path("<uuid:pk>/signing/", company.signing, name="signing"),
]
