"""Events: open days, lectures, fairs; people register, with an account or without.

From where their data are is noted with the event and its day, and they are kept for it until it is
over. News takes a tick of its own and the link that is mailed. Clauses: kic-source-campaigns.
"""
