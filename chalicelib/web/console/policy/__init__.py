"""Clauses 7 and 8 on the screen: the policy's versions, its amendments, operating data, study, interpretations."""
"""Clauses 7 and 8 on the screen: the policy's versions, their study, amendments, interpretations, reviews."""
