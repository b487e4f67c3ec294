"""The table: every operation beside its derivative.

A rule states one local derivative, of the result z by one operand, in terms of the operands and
z. It is written in operations, so that it can itself be differentiated, printed and compiled, and
it is read once, on symbols: a choice in a rule is therefore an operation too.

Several rows exist for the sake of a derivative: sech², σ′ and their kin would lose their digits
if they were composed from the functions whose slopes they are.
"""

from autograd_mini.primitive import OPERATIONS as OPERATIONS

from .activations import *  # noqa: F403  # each module lists its rows
from .arithmetic import *  # noqa: F403
from .choices import *  # noqa: F403
from .many import *  # noqa: F403
from .special import *  # noqa: F403
from .trigonometry import *  # noqa: F403
