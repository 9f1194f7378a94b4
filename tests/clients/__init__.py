"""Clients made of the contract by real generators, compiled strictly, and tried against the running local system."""
