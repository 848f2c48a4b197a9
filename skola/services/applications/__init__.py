"""People apply for a contract out of what is on offer, and it is decided at once or by a person.

The software decides only with the applicant's explicit consent, as the policy says in
``[[automated]]``; an approval becomes a contract on offer. Clause: ilearn-14.
"""
