"""Pictures of computation graphs and of networks.

Importing it loads neither the networks nor anything that draws plots.
"""

from .card import draw
from .diagram import network
from .picture import Drawing, Picture

__all__ = ["Drawing", "Picture", "draw", "network"]
