"""Functions from floats to a float that never raise for a numeric reason."""
