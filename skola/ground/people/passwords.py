"""Password hashing: Argon2id with the least that OWASP recommends, chosen on purpose.

Django's and the library's defaults cost 165-194 ms of one core for each sign-in; a class of thirty
that signs in at eight o'clock would wait. 19 MiB, two passes, one lane cost about a sixth of that.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id, 19 MiB, t=2, p=1 (OWASP Password Storage Cheat Sheet)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
