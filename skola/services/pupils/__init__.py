"""What a school holds about its pupils as persons: contacts, national code, the register.

Families change contacts, the school official fields; each value says from whom it is; who reads
for one purpose gets the fields of that purpose and no other. Clauses: ekool-2.7,
ekool-3.1.1-personal, ekool-3.1.2, ekool-4.1, ekool-4.2.1, ekool-8.5-edit.
"""
