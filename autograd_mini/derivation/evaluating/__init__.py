"""Notations, and what mathematics is worth at a random point of a model."""
