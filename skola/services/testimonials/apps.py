from django.apps import AppConfig


class TestimonialsConfig(AppConfig):
    name = "skola.services.testimonials"
    label = "testimonials"
