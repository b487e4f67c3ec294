"""Reads documents: where the mathematics is, what it claims, and its syntax trees."""
