"""`make siege`: a hostile consumer, a hostile shop, a careless department, and what all others were promised."""
