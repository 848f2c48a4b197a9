from typing import ClassVar

from django.db import models

from skola.ground.files.rules import Family, family_of
from skola.ground.tenants.models import TenantModel


class StoredFile(TenantModel):
    """A file that somebody uploaded. Its bytes lie encrypted in the storage, its key in a table.

    It lives no longer than the row that holds it (``files_go_with`` in ``held.py``), and no longer
    than its own clock allows.
    """

    kind = models.CharField(max_length=40)
    """What it was uploaded for, ``courses.video``; registered by the room that holds it."""
    person = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    """Who uploaded it; None for files of the service itself, or when that person is gone."""
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    """Decided by us from the content, never taken from the sender."""
    size = models.PositiveBigIntegerField()
    """Bytes in the clear."""
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    grows = models.BooleanField(default=False, db_default=False)
    """Its bytes come in parts, each an object of its own; ``sha256`` is the seal of the last."""
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    object_key: "ObjectKey"

    class PersonalData:
        subject = "person_id"
        relations = {"person_id": "author"}
        fields = {
            "person": "authored",
            "name": "authored",
            "sha256": "authored",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "kind": "closed list of kinds",
            "content_type": "closed list of types",
            "size": "number of bytes",
            "stored_as": "identifier of an object",
            "grows": "how it is stored",
            "created_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}
        goes_with_holder = True

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="files_by_person")]

    @property
    def family(self) -> Family:
        """What the file is to a reader."""
        return family_of(self.content_type)

    def __str__(self) -> str:
        return f"file {self.pk}"


class ObjectKey(TenantModel):
    """The wrapped key of one object. When this row is gone, nobody can read the object any more."""

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="object_key")
    wrapped = models.BinaryField(max_length=60)
    wrapped_by = models.CharField(max_length=16)
    """Which key of the installation wrapped it."""
    stored_as = models.CharField(max_length=100)

    class PersonalData:
        subject = "file__person_id"
        fields = {"wrapped": "authored"}
        secrets: ClassVar[set[str]] = {"wrapped"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "file": "goes with the file",
            "wrapped_by": "digest of a key",
            "stored_as": "identifier of an object",
        }
        goes_with = "file"
        moves = False  # as it is: it is opened, and wrapped anew where the tenant goes

    def __str__(self) -> str:
        return f"key of {self.file_id}"


class FilePart(TenantModel):
    """A part of a file that grows, sealed under the file's key and by the parts before it."""

    file = models.ForeignKey(
        StoredFile, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    number = models.PositiveIntegerField()
    start = models.PositiveBigIntegerField()
    """How many bytes of the file come before it."""
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of its bytes."""
    seal = models.CharField(max_length=64)
    """SHA-256 of the seal before it and of its digest; see ``growing.next_seal``."""
    stored_as = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class PersonalData:
        subject = "file__person_id"
        fields = {"digest": "authored", "seal": "authored"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "file": "goes with the file",
            "number": "a running number",
            "start": "number of bytes",
            "size": "number of bytes",
            "stored_as": "identifier of an object",
            "created_at": "goes with the row",
        }
        goes_with = "file"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "file", "number"], name="file_part_once")
        ]
        indexes = [models.Index(fields=["tenant", "file"], name="files_parts_of")]

    def __str__(self) -> str:
        return f"part {self.number} of {self.file_id}"


class DoomedObject(TenantModel):
    """An object whose key is destroyed and which waits for its deletion from the storage.

    Written by a trigger whenever a key goes, whoever deletes it: an action, a sweep or a cascade.
    """

    stored_as = models.CharField(max_length=100)
    since = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "stored_as": "identifier of an object that nobody can read",
            "since": "moment without a person",
        }
        moves = False

    class Meta:
        indexes = [models.Index(fields=["tenant", "since"], name="doomed_by_time")]

    def __str__(self) -> str:
        return self.stored_as
