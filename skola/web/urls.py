"""Addresses of the front door."""

from django.urls import include, path

from skola.web import closing, metrics, opening, outside, profile, security, views
from skola.web.consents import staff as consents_of_all
from skola.web.consents import views as consents
from skola.web.privacy import sharing
from skola.web.privacy import views as privacy

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("account/", views.account, name="account"),
    path("account/signup/", opening.sign_up, name="sign_up"),
    path("account/login/", outside.log_in, name="log_in"),
    path("account/3rdparty/", outside.links, name="networks"),
    path("account/3rdparty/signup/", outside.sign_up, name="network_sign_up"),
    path("account/3rdparty/login/cancelled/", outside.away, name="network_left"),
    path("account/oidc/<slug:provider_id>/login/", outside.leave, name="network_leave"),
    path("account/privacy/", privacy.mine, name="privacy"),
    path("account/privacy/consents/", include("skola.web.consents.urls")),
    path("consents/<str:token>/", consents.by_link, name="consent_link"),
    path(
        "consents/<str:token>/withdrawals/", consents.withdraw_by_link, name="consent_withdrawals"
    ),
    path("office/promises/consents/", consents_of_all.overview, name="consents_of_all"),
    path("privacy/mine/", privacy.ask_for_link, name="privacy_ask"),
    path("privacy/mine/<str:token>/", privacy.by_link, name="privacy_link"),
    path("account/privacy/passed-on/", privacy.passed, name="passed_on"),
    path("account/privacy/looks/", privacy.looks, name="looks"),
    path("account/privacy/sharing/", sharing.sharing, name="sharing"),
    path("account/privacy/sharing/<uuid:pk>/consents/", sharing.consents, name="sharing_consents"),
    path(
        "account/privacy/sharing/<uuid:pk>/withdrawals/",
        sharing.withdrawals,
        name="sharing_withdrawals",
    ),
    path("account/closing/", closing.own, name="closing"),
    path("account/closing/keeping/", closing.keep, name="closing_keeping"),
    path("account/contact/", profile.contact, name="contact"),
    path("account/policy/", profile.informed, name="informed"),
    path("account/sessions/", security.sessions, name="sessions"),
    path("account/not-me/<str:token>/", security.not_me, name="not_me"),
    path(".well-known/skola-audit/", include("skola.web.auditing.well_known")),
    path("office/promises/audit/", include("skola.web.auditing.urls")),
    path("office/promises/", include("skola.web.officer.urls")),
    path("people/", include("skola.web.people.urls")),
    path("demo/", views.personas, name="personas"),
    path("demo/visits/", views.enter, name="enter"),
    path("too-young/", views.too_young, name="too_young"),
    path("metrics", metrics.metrics, name="metrics"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
]
