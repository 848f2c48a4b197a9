"""Signed files: whether a signature stands, whose it is, and when it was given.

Containers (ASiC-E, eDoc) with XAdES, and PDFs with PAdES. The signatures themselves are checked by
signxml and pyHanko; whom a tenant trusts is a folder of certificates. Nothing is fetched from
anywhere. PDFs are signed here, too, with certificates of a provider. Explained in
``docs/how-to/signed-files.md``. Clauses: ilearn-24.b, ema-2.1.8.
"""
