"""Pages of consents: switches in *My privacy*, the link in a mail, what staff enter, the list."""
