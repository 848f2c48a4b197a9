"""Cookies: nothing is stored in a browser that the policy does not name and the visitor allows.

The gate sees every answer last and takes out what may not be set; the content security policy
leaves out vendors that nobody allowed; banner and settings page are made from the register.
Clauses: ilearn-37, ilearn-cookie-*, kic-cookie-*, learnifier-5.*, ema-11.*.
"""
