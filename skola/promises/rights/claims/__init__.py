"""Claims: what somebody demands of us or we of them, and the records that are kept meanwhile.

While a claim is open, the records that it names outlive their terms, and no others; when it is
closed, the next sweep takes what should have gone. What was filed where stands in the file. A
policy without a purpose for claims has no such file. Explained in
``docs/explanation/requests.md``. Clauses: ilearn-11.r, ekool-4.2.2-rights.
"""
