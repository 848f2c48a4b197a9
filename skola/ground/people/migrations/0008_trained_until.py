from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_authority"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="trained_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
