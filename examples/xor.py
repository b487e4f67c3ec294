"""XOR: the smallest problem that needs a hidden layer, learned in ten lines.

You will see the loss fall, the four answers, the network with the weights that it has learned, and
where in the plane it changes its mind.
"""

from pathlib import Path

from matplotlib.figure import Figure

import viz
from nn import MLP, SGD, accuracy, fit, predict, xor

data = xor()
model = MLP(2, [4, 1], activation="tanh", rng=0)
optimizer = SGD(model.parameters(), learning_rate=0.5, momentum=0.5)
history = fit(
    model,
    data,
    loss="binary_cross_entropy",
    optimizer=optimizer,
    epochs=200,
    metrics={"accuracy": accuracy},
)

for epoch in (0, 50, 100, 199):
    share = history.metrics["accuracy"][epoch]
    print(f"epoch {epoch:3}: loss {history.loss[epoch]:.4f}, {share:.0%} right")
for (x, target), (logit,) in zip(data, predict(model, data.inputs), strict=True):
    print(f"{x[0]:g} xor {x[1]:g} is {target}: the network says {logit > 0:d} (logit {logit:+.2f})")

Path("out").mkdir(exist_ok=True)
viz.network(model).save("out/xor_network.svg")
figure = Figure(figsize=(5, 4), layout="constrained")
viz.plot_decision_boundary(model, data, ax=figure.subplots())
figure.savefig("out/xor_plane.svg")
print("out/xor_network.svg shows the weights, out/xor_plane.svg what they make of the plane.")
