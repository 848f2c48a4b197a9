"""The register of requests: whatever people ask about their data, by whichever way it came.

A request has a number, a promised day, a proof of who asks, a decision with its reasons, and an
answer by the way that was wished. Explained in ``docs/explanation/requests.md``.
"""
