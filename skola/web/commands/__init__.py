"""The commands. Each module has ``add_arguments(parser)`` and ``run(options) -> exit code``.

Nothing of Django is imported at the top of a command, so that help and errors come at once.
"""
