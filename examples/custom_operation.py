"""An operation of your own: its function, its derivative and how it is written, in one statement.

log cosh is a smooth relative of |x|, useful as a loss. Composed of log and cosh it overflows: at
800, cosh is infinite. Stated as an operation it computes in a form that does not, and its
derivative, tanh, is exact; define_operation compares it with differences before it lets it in. You
will see both at a few points, second derivatives that come for free, and the operation in a
picture of a graph.
"""

import math
from pathlib import Path

import viz
from autograd_mini import Value, cosh, define_operation, gradients, hessian, log, tanh


def stable_log_cosh(x: float) -> float:
    return abs(x) + math.log1p(math.exp(-2.0 * abs(x))) - math.log(2.0)


log_cosh = define_operation(
    "log_cosh",
    stable_log_cosh,
    lambda x, z: tanh(x),  # by the operand x; z is the result
    symbol="log cosh",
    text="log cosh({0})",
    latex=r"\log \cosh({0})",
)

print("      x   composed: value, slope      as an operation: value, slope")
for number in (0.5, -3.0, 800.0):
    x = Value(number)
    composed, stated = log(cosh(x)), log_cosh(x)
    slopes = [gradients(y, [x])[0] for y in (composed, stated)]
    print(
        f"{number:7}   {composed.data:8.6f}, {slopes[0]:8.6f}          "
        f"{stated.data:.6f}, {slopes[1]:.6f}"
    )

((second,),) = hessian(lambda xs: log_cosh(xs[0]))([0.7])
print(
    f"its second derivative at 0.7 is {second:.12f}, and 1 − tanh² {1 - math.tanh(0.7) ** 2:.12f}"
)

w, x, target = Value(0.8, label="w"), Value(-1.5, label="x"), Value(0.5, label="target")
loss = log_cosh(w * x - target)
loss.label = "loss"
loss.backward()
Path("out").mkdir(exist_ok=True)
viz.draw(loss, roles={loss: "loss"}).save("out/custom_operation.svg")
print("out/custom_operation.svg shows the new operation at the end of a small graph.")
