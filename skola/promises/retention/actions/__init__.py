"""Everything that changes clocks: ``facts``, ``holds``, ``clocks``, and the ``sweeps``."""
