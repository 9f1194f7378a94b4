"""Clauses 7 and 8 on the screen: the policy's versions, amendments, operating data, study, interpretations, reviews."""
