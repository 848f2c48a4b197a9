"""A signed file goes with its row, whoever deletes it."""

from django.db import migrations

from skola.ground.files.api import files_go_with


class Migration(migrations.Migration):
    dependencies = [("rights", "0008_signed_files"), ("files", "0002_let_go")]
    operations = [files_go_with("rights_signedfile", "file_id")]
