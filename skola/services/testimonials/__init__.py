"""Testimonials: what customers say of the service, shown to everybody with their consent.

A consent is given to the exact words with the name beside them. Other words need another, and one
that is withdrawn takes the testimonial off the page with the next request.
Clauses: learnifier-6.g, learnifier-6.h, ilearn-11.a, ilearn-20.f.
"""
