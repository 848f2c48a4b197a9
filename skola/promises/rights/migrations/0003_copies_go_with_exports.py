"""The file of a copy goes with its row, whoever deletes it."""

from django.db import migrations

from skola.ground.files.api import files_go_with


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_export"), ("files", "0002_let_go")]
    operations = [files_go_with("rights_export", "file_id")]
