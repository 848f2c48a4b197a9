"""My privacy: what is held about a person and why, their consents, who looked, what they asked."""
