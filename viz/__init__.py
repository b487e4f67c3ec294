"""Pictures of computation graphs and of networks.

Importing it loads neither the networks nor anything that draws plots.
"""

from .boundary import animate_training, plot_decision_boundary
from .diagram import network
from .picture import Drawing, Picture
from .player import player
from .plots import plot_gradient_flow, plot_history
from .view import draw

__all__ = [
    "Drawing",
    "Picture",
    "animate_training",
    "draw",
    "network",
    "player",
    "plot_decision_boundary",
    "plot_gradient_flow",
    "plot_history",
]
