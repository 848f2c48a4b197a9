from django.urls import path

from skola.services.shop.views import buying, marketing, office, own

app_name = "shop"
urlpatterns = [
    path("", buying.shop, name="shop"),
    path("documents/<str:kind>/<int:version>/", buying.document, name="document"),
    path("p/<slug:slug>/", marketing.landing, name="landing"),
    path("offers/<uuid:pk>/", buying.product, name="product"),
    path("offers/<uuid:pk>/interests/", buying.tell_interest, name="interests"),
    path("offers/<uuid:pk>/orders/", buying.order, name="orders"),
    path("orders/", own.orders, name="mine"),
    path("orders/<str:token>/", own.order, name="order"),
    path("orders/<str:token>/acceptances/", own.conclude, name="acceptances"),
    path("orders/<str:token>/card-payments/", own.pay, name="card-payments"),
    path("orders/<str:token>/refunds/", own.ask_refund, name="refunds"),
    path("seats/<str:token>/", own.seat, name="seat"),
    path("office/", office.orders, name="office"),
    path("office/orders/<uuid:pk>/", office.order, name="office-order"),
    path("office/orders/<uuid:pk>/vat-checks/", office.check_vat, name="vat-checks"),
    path("office/refunds/<uuid:pk>/decisions/", office.decide, name="decisions"),
    path("office/offers/", office.products, name="products"),
    path("office/offers/<uuid:pk>/endings/", office.withdraw, name="endings"),
    path("office/offers/<uuid:pk>/page/", marketing.write, name="landing-form"),
    path("office/coupons/", marketing.coupons, name="coupons"),
    path("office/coupons/<uuid:pk>/endings/", marketing.end_coupon, name="coupon-endings"),
    path("office/documents/", office.documents, name="documents"),
]
