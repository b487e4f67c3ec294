"""A regression curve: a small network learns a noisy wave from thirty points.

You will see the points, the wave without the noise, and what the network makes of every x, also a
little way outside of the points, where nothing tells it what to do.
"""

import math
from pathlib import Path

from matplotlib.figure import Figure

from nn import MLP, Adam, curve, fit, mse, predict
from nn.schedules import cosine


def wave(x: float) -> float:
    return math.sin(3.0 * x) + 0.5 * x


data = curve(wave, 30, low=-2.0, high=2.0, noise=0.15, rng=0)
model = MLP(1, [8, 8, 1], activation="silu", rng=0)
history = fit(
    model,
    data,
    loss="mse",
    optimizer=Adam(model.parameters()),
    epochs=300,
    batch_size=10,
    schedule=cosine(0.05, 0.001, epochs=300),
    rng=0,
)

xs = [-2.5 + k / 40 for k in range(201)]
figure = Figure(figsize=(6, 4), layout="constrained")
axes = figure.subplots()
axes.plot(xs, [wave(x) for x in xs], "--", color="0.6", label="the wave")
axes.plot(xs, [y for (y,) in predict(model, [[x] for x in xs])], label="the network")
axes.plot([x for (x,) in data.inputs], data.targets, "o", markersize=4, label="its 30 samples")
axes.set(xlabel="x", ylabel="y", title=f"Mean squared error {history.loss[-1]:.4f}")
axes.legend()
Path("out").mkdir(exist_ok=True)
figure.savefig("out/regression.svg")

print(f"mean squared error: {history.loss[0]:.4f} before, {history.loss[-1]:.4f} after 300 epochs")
noise = sum(mse([wave(x)], y) for (x,), y in data) / len(data)
print(f"the wave itself, without the noise, has {noise:.4f}")
print("out/regression.svg shows the samples and the curve that was learned.")
