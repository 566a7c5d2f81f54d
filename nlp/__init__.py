"""Reading postings: skills with their evidence and level, facts, and the three tracks."""
