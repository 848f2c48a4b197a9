"""A registered letter leaves with its number."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rights", "0012_letters_were_registered")]

    operations = [
        migrations.AddConstraint(
            "requestmessage",
            models.CheckConstraint(
                name="letter_posted_with_number",
                condition=~Q(route="registered") | Q(sent_at=None) | ~Q(tracking=""),
            ),
        ),
    ]
