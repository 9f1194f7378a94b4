"""The text of the policy, clause by clause, made of its data: for pages and for programs (1.1)."""
