"""Clauses 7 and 8 on the screen: the policy's versions, their study, amendments, interpretations, reviews."""
