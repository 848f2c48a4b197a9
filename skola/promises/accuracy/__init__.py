"""Accuracy: people are asked whether their data are right, as often as the policy says.

One invitation a period, by mail and in the account; a click confirms, or the person corrects. The
period is ``[accuracy_review] ask_subject``. Clause: kic-accuracy-invite.
"""
