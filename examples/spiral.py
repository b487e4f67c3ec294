"""Three arms of a spiral: three classes, softmax cross-entropy, mini-batches, a held-out quarter.

You will see that the network also gets right the samples that it has not learned from, the
probabilities that it gives at the centre, where the arms meet, and its map of the plane.
"""

from pathlib import Path

from matplotlib.figure import Figure

import viz
from nn import MLP, AdamW, accuracy, evaluate, fit, predict, softmax, spiral
from nn.schedules import cosine, warmup

train, test = spiral(120, classes=3, noise=0.03, rng=0).split(0.25, rng=0)
model = MLP(2, [12, 12, 3], activation="tanh", rng=0)
history = fit(
    model,
    train,
    loss="softmax_cross_entropy",
    optimizer=AdamW(model.parameters()),
    epochs=60,
    batch_size=15,
    schedule=warmup(cosine(0.05, 0.001, epochs=55), epochs=5),
    clip_norm=5.0,
    metrics={"accuracy": accuracy},
    validation=test,
    rng=0,
)
for name, data in (("learned from", train), ("held out", test)):
    found = evaluate(model, data, loss="softmax_cross_entropy", metrics={"accuracy": accuracy})
    print(f"{len(data)} samples {name}: loss {found['loss']:.4f}, {found['accuracy']:.0%} right")

for x, y in ((0.0, 0.0), train.inputs[0]):
    shares = softmax(*predict(model, [[x, y]]))
    print(f"at ({x:+.2f}, {y:+.2f}): " + ", ".join(f"{share:.1%}" for share in shares))

Path("out").mkdir(exist_ok=True)
figure = Figure(figsize=(10, 4), layout="constrained")
left, right = figure.subplots(1, 2)
viz.plot_history(history, ax=left)
viz.plot_decision_boundary(model, train, ax=right)
figure.savefig("out/spiral.svg")
print("out/spiral.svg shows the learning and the three regions.")
