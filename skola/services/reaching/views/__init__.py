"""Pages of reaching: what somebody was told, their devices, and the office."""
