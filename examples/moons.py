"""Two moons: a network of 337 parameters tells two half circles apart, as micrograd's demo does.

The network has layers of 16, 16 and 1 units. It learns from all 100 samples in each of 100 steps,
with the hinge loss, 10⁻⁴ times the sum of the squared weights, and a learning rate of
1 − 0.9 k / 100. You will see it reach 100 % on its training set, its loss from step to step, and
where it draws the line.
"""

from pathlib import Path

from matplotlib.figure import Figure

import viz
from nn import MLP, SGD, History, accuracy, evaluate, fit, l2, moons
from nn.schedules import linear


def tell(history: History) -> None:
    k = len(history) - 1
    if k % 10 == 0:
        share = history.metrics["accuracy"][k]
        print(f"step {k:2}: loss {history.loss[k]:.4f}, accuracy {share:.0%}")


data = moons(100, noise=0.1, rng=1).relabeled(-1, 1)
model = MLP(2, [16, 16, 1], activation="relu", rng=1)
history = fit(
    model,
    data,
    loss="hinge",
    optimizer=SGD(model.parameters(), learning_rate=1.0),
    epochs=100,
    schedule=linear(1.0, 0.1, epochs=100),
    penalty=lambda model: 1e-4 * l2(model.parameters()),
    metrics={"accuracy": accuracy},
    callbacks=[tell],
)
reached = evaluate(model, data, loss="hinge", metrics={"accuracy": accuracy})["accuracy"]
print(f"{len(model.parameters())} parameters, accuracy {reached:.0%}")

Path("out").mkdir(exist_ok=True)
figure = Figure(figsize=(10, 4), layout="constrained")
left, right = figure.subplots(1, 2)
viz.plot_history(history, ax=left)
viz.plot_decision_boundary(model, data, ax=right)
figure.savefig("out/moons.svg")
print("out/moons.svg shows the loss and accuracy, and the line between the moons.")
