"""When a service is sold or merges, it goes over to a new controller: recorded, announced, proven.

The officer records the event, and everybody is told who the new controller is and until when they
may object. On the day the service is closed and packed into a sealed archive, which another
installation takes in whole or not at all; its receipt lets the seller erase its own copy. Exists
where the policy has ``[business_transfer]``. Clauses: learnifier-15, ema-7.3.2.
"""
