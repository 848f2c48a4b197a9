"""Pages of the courses' room: finding and taking (``learning``), making (``making``)."""
