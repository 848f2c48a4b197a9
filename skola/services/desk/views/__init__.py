"""The desk's pages: for visitors, for enquirers in their account, for staff."""
