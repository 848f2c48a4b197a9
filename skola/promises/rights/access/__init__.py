"""A copy of one's data: an archive with every record, its schema, the original files, and pages
that tell what GDPR Art. 15(1) demands; and the part that a person may take along (Art. 20).

Made from the declarations, so that no room can be forgotten. Clauses: ilearn-23.a, ilearn-24.c,
kic-rights-access, ema-9.1.2-content, learnifier-10.c, ekool-8.1.
"""
