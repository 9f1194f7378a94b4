"""Clause 6 on the screen: reports, satisfaction, safety, management reviews, audits, people."""
