"""How much of the domain the tests of the rules hold fast: small faults are put in, one at a time (`make mutants`)."""
