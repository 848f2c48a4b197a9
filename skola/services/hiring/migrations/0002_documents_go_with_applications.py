"""The keys of a candidate's documents are destroyed with the application, whoever deletes it."""

from django.db import migrations

from skola.ground.files.api import files_go_with


class Migration(migrations.Migration):
    dependencies = [("hiring", "0001_initial"), ("files", "0002_let_go")]

    operations = [files_go_with("hiring_document", "file_id")]
