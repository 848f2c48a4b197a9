from django.apps import AppConfig


class ReferralConfig(AppConfig):
    """A room without a table: what is typed here goes to the mail server and nowhere else."""

    name = "skola.services.referral"
    label = "referral"
