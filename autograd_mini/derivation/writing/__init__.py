"""The chain rule of a graph, written out."""
