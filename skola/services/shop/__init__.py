"""The shop: courses with a price, orders, seats, refunds, and offers made with partners.

Whoever orders accepts the terms and the refund policy as they stand that day, gets an invoice, and
pays by card or, where nothing speaks against it, later. Once it is paid its seats can be taken, no
more than were bought. Partners of a joint offer are told only by an order or their button.
Clauses: ilearn-4.a, ilearn-8.k, ilearn-refund, ilearn-disputes, ema-11.2-stripe, learnifier-2.c,
learnifier-2.d, learnifier-3.2.a, learnifier-7.b, learnifier-7.e to 7.h.
"""
