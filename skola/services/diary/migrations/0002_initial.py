from django.db import migrations


class Migration(migrations.Migration):
    """What stood here is in 0001_initial, so that a new database is made sooner."""

    dependencies = [('diary', '0001_initial')]

    operations = []
