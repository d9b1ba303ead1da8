"""How rollups are made, kept and checked, by the owner of the tables."""
