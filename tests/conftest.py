"""Settings for every test: how many examples Hypothesis draws, and no window for a plot."""

import os

from hypothesis import settings

# A shared machine is slow now and then, so no example has a deadline. Where CI is set, a run draws
# the same examples every time: a new one is for the person whose change found it.
settings.register_profile(
    "autograd-mini", max_examples=50, deadline=None, derandomize="CI" in os.environ
)
settings.load_profile("autograd-mini")

os.environ.setdefault("MPLBACKEND", "agg")
