"""What the symbols of softmax.md stand for."""

from random import Random
from typing import Any

from autograd_mini import Value, exp, log, sum
from autograd_mini.derivation import Notation, entries

notation = Notation()


@notation.scope
def softmax(rng: Random, classes: int) -> dict[str, Any]:
    """Logits, probabilities, targets that add up to one."""
    z = [Value(rng.gauss()) for _ in range(classes)]
    powers = [exp(logit) for logit in z]
    total = sum(powers)
    p = [power / total for power in powers]
    weights = [rng.uniform(0.1, 1.0) for _ in range(classes)]
    t = [Value(weight / float(sum(weights))) for weight in weights]
    loss = -sum([share * log(chance) for share, chance in zip(t, p, strict=True)])
    return {
        "K": classes, "z": z, "p": p, "t": t, "L": loss,
        "z_k": entries(z), "p_k": entries(p), "t_k": entries(t),
    }  # fmt: skip
