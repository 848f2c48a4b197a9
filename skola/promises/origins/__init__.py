"""From where data are: which form, event or campaign, about what, on which day.

A room says it where the data arrive; nobody enters it by hand. The table ``[origins]`` of the
policy says of which ways a note is kept. Clauses: kic-source-self,
kic-source-campaigns.
"""
