"""What a person learned, as they take it along: given in open formats, and brought from elsewhere.

Learning records are xAPI statements (IEEE 9274.1.1), certificates are Open Badges 3.0. What
somebody brings stands beside what they learned here; it opens nothing, and counts for nothing that
this service certifies. Clause: ilearn-23.f.
"""
