"""Visits: how often pages are opened, and what suits somebody, as far as they agreed to it.

A visit is kept without anything that leads to a person or strings two visits together; where the
policy asks in the account alone, it stands in the person's own record instead. What somebody
looked at decides what stands first for them, is shown to them, and goes when they say no. Uses of
tags and what learners think of courses are counted by month, without anybody.
Clauses: kic-cookie-performance, kic-cookie-data, kic-targeting, kic-rights-targeted,
ilearn-cookie-marketing, ilearn-25.b, learnifier-2.f, learnifier-4.f, learnifier-5.*, ekool-3.1.6.
"""
