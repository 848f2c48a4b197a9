"""The log of the audit as the world and the officer meet it.

Everybody may fetch the signed checkpoint and the hashes of the tree, so that a checkpoint once seen
binds the controller. The entries hold pseudonyms, which are personal data as long as their keys
exist: they are for the officer and for whom the officer gives a copy.
"""
