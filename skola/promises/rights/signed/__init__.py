"""Requests that are signed: a container or a PDF shows who asks, by mail or on a page.

A good signature counts only for somebody who is known under the address, by name, birthday where
the code tells it, and by the same code as before. Everything else leaves the case open, and says
what else would do. Explained in ``docs/how-to/signed-files.md``. Clause: ilearn-24.b.
"""
