"""The vendor's own notations inside texts: several languages at once, and values of fields with their kind."""
