"""The design system: tokens, components, the frame of every page, and how a person wants to see it.

Rooms render pages that extend ``ui/base.html`` and build them from the macros of the global ``ui``.
This room knows nothing of tenants, people or policies: what the frame shows (service name, places,
stored preferences) is supplied by the callables that ``settings.UI_HOOKS`` names.
Serves the clauses on display settings, the footer with the controller, and links to other sites.
"""
