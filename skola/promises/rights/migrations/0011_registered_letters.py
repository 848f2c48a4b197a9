"""A letter is registered where the policy says so, and what the post tells of it is kept."""

from django.db import migrations, models
from django.db.models import Q

REPLIES = [
    ("account", "in the account"),
    ("email", "by e-mail"),
    ("registered", "by registered letter"),
    ("post", "by letter"),
    ("in-person", "handed over in person"),
]


class Migration(migrations.Migration):
    dependencies = [("rights", "0010_erased_after_objection")]

    operations = [
        migrations.RemoveConstraint("requestmessage", "letter_posted_with_number"),
        migrations.AlterField(
            "rightsrequest", "reply_by", models.CharField(choices=REPLIES, max_length=10)
        ),
        migrations.AlterField(
            "requestmessage",
            "route",
            models.CharField(blank=True, choices=REPLIES, max_length=10),
        ),
        migrations.AddField("requestmessage", "printed_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "requestmessage",
            "fate",
            models.CharField(
                blank=True,
                choices=[("received", "received"), ("returned", "came back")],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField("requestmessage", "fate_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "requestmessage",
            models.CheckConstraint(
                name="letter_fate_on_a_day",
                condition=Q(fate="", fate_on=None)
                | (~Q(fate="") & Q(fate_on__isnull=False, sent_at__isnull=False)),
            ),
        ),
    ]
