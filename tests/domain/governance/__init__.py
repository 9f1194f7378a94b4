"""The policy's own life: amended, decided, announced, in force."""
