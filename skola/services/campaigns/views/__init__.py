"""The pages of campaigns: choosing and refusing for everybody, the office for who sends."""
