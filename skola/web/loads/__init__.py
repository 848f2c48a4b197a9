"""What the service holds under load, over HTTP, at the server that ``skola serve`` starts.

A school of 1,000 pupils, a company of 10,000 employees and an exam of 100 candidates are made in
an installation of their own, which goes afterwards. ``fill`` makes them and says who visits what,
``people`` are those who click, ``films`` those who send, and ``bench`` says what came of it.
"""
