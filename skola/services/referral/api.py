"""The door of ``referral``. Nobody enters: the room has no data."""
