"""Addresses of requests: the person's own, and the desk's."""

from django.urls import path

from skola.promises.rights.requests import desk, own, posting

app_name = "requests"

OWN = "account/requests/"
DESK = "office/promises/requests/"

urlpatterns = [
    path(OWN, own.mine, name="mine"),
    path(f"{OWN}new/", own.new, name="new"),
    path(f"{OWN}<uuid:pk>/", own.one, name="one"),
    path(f"{OWN}<uuid:pk>/copies/<uuid:export>/", own.copy, name="copy"),
    path(f"{OWN}<uuid:pk>/proof/", own.prove, name="prove"),
    path(f"{OWN}<uuid:pk>/words/", own.add, name="add"),
    path(f"{OWN}<uuid:pk>/withdrawals/", own.withdraw, name="withdraw"),
    path(f"{OWN}<uuid:pk>/disputes/", own.dispute, name="dispute"),
    path(DESK, desk.queue, name="desk"),
    path(f"{DESK}letters/", posting.queue, name="letters"),
    path(f"{DESK}letters/prints/", posting.prints, name="letter-prints"),
    path(f"{DESK}<uuid:pk>/copies/<uuid:export>/", desk.copy, name="desk-copy"),
    path(f"{DESK}new/", desk.register, name="register"),
    path(f"{DESK}<uuid:pk>/", desk.one, name="desk-one"),
    path(f"{DESK}<uuid:pk>/proofs/", desk.prove, name="desk-proofs"),
    path(f"{DESK}<uuid:pk>/assignments/", desk.take, name="desk-assignments"),
    path(f"{DESK}<uuid:pk>/notes/", desk.note, name="desk-notes"),
    path(f"{DESK}<uuid:pk>/questions/", desk.ask, name="desk-questions"),
    path(f"{DESK}<uuid:pk>/resumptions/", desk.resume, name="desk-resumptions"),
    path(f"{DESK}<uuid:pk>/extensions/", desk.extend, name="desk-extensions"),
    path(f"{DESK}<uuid:pk>/sortings/", desk.sort, name="desk-sortings"),
    path(f"{DESK}<uuid:pk>/confirmations/", desk.ask_address, name="desk-confirmations"),
    path(f"{DESK}<uuid:pk>/freezes/", desk.freeze_meanwhile, name="desk-freezes"),
    path(f"{DESK}<uuid:pk>/fees/", desk.fee, name="desk-fees"),
    path(f"{DESK}<uuid:pk>/decisions/", desk.decide, name="desk-decisions"),
    path(f"{DESK}<uuid:pk>/erasures/", desk.erasures, name="desk-erasures"),
    path(f"{DESK}<uuid:pk>/payments/", desk.pay, name="desk-payments"),
    path(f"{DESK}<uuid:pk>/letters/<uuid:message>/", posting.letter, name="desk-letter"),
    path(f"{DESK}<uuid:pk>/letters/<uuid:message>/postings/", posting.post, name="desk-postings"),
    path(f"{DESK}<uuid:pk>/letters/<uuid:message>/fates/", posting.fates, name="desk-fates"),
    path(f"{DESK}<uuid:pk>/letters/<uuid:message>/again/", posting.again, name="desk-again"),
]
