"""Why somebody is erased: they objected, and no other use of the data is left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rights", "0009_files_go_with_signed")]
    operations = [
        migrations.AlterField(
            model_name="erasure",
            name="reason",
            field=models.CharField(
                choices=[
                    ("asked", "the person asked for it"),
                    ("objected", "the person objected, and nothing else needs the data"),
                    ("unlawful", "the data should not have been collected"),
                    ("court", "a court or an authority ordered it"),
                    ("minor", "the person is a child and nobody agreed for them"),
                ],
                max_length=10,
            ),
        ),
    ]
