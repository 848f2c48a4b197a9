"""Training groups: programmes, their runs with dates and seats, who applies and who takes part.

A run is one time that a programme is given. People apply with an account or without, staff admit
them while there are seats, and a contract is offered with the seat. Clauses: kic-purpose-training,
kic-purpose-contracts, kic-cat-service.
"""
