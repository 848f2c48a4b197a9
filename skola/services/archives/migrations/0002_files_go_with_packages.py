from typing import ClassVar

from django.db import migrations

from skola.ground.files.held import files_go_with


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("archives", "0001_packages_of_years"),
        ("files", "0002_let_go"),
    ]

    operations: ClassVar = [files_go_with("archives_package", "file_id")]
