"""The policy's own life: how it is amended, tried on what was, studied and looked over (1.1, 7, 8)."""
