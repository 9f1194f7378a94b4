"""What the house knows of those who work here, and what they say to it (6.2): sheets, training, one's own."""
