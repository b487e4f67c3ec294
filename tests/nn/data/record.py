"""Records what PyTorch makes of the same numbers, in float64: writes torch.json beside this file.

The tests read the figures and need no PyTorch. To record them anew: pip install torch, and run it.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)

START = [0.5, -1.25, 3.0]
GRADIENTS = [
    [0.3, -2.0, 0.0],
    [0.1, 1.5, 1e-3],
    [-0.7, 0.25, -4.0],
    [2.0, 0.0, 1e-8],
    [0.01, -0.5, 10.0],
    [-0.3, 3.0, 0.0],
    [0.0, -1.0, -0.125],
    [5.0, 0.75, 1e-4],
]
OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "SGD": torch.optim.SGD,
    "RMSprop": lambda p, *, smoothing=0.99, epsilon=1e-8, **settings: torch.optim.RMSprop(
        p, alpha=smoothing, eps=epsilon, **settings
    ),
    "Adam": lambda p, *, epsilon=1e-8, **settings: torch.optim.Adam(p, eps=epsilon, **settings),
    "AdamW": lambda p, *, epsilon=1e-8, **settings: torch.optim.AdamW(p, eps=epsilon, **settings),
}
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.5, "nesterov": True, "weight_decay": 0.3}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.3}),
    ("RMSprop", {"lr": 0.01}),
    ("RMSprop", {"lr": 0.1, "smoothing": 0.5, "epsilon": 1e-3, "weight_decay": 0.2}),
    ("Adam", {"lr": 0.001}),
    ("Adam", {"lr": 0.1, "betas": [0.5, 0.75], "epsilon": 1e-3, "weight_decay": 0.2}),
    ("AdamW", {"lr": 0.001}),
    ("AdamW", {"lr": 0.1, "betas": [0.5, 0.75], "epsilon": 1e-3, "weight_decay": 0.2}),
]

SCHEDULES: list[tuple[str, list[float], Callable[..., Any]]] = [
    (
        "linear",
        [1.0, 0.1, 5],
        lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.1, total_iters=5),
    ),
    ("cosine", [1.0, 0.1, 8], lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 8, 0.1)),
    ("exponential", [1.0, 0.9], lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9)),
    ("steps", [1.0, 0.5, 3], lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.5)),
]

POINTS = [-30.0, -5.5, -1.0, -0.3, 0.4, 1.0, 2.5, 30.0]
ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "linear": lambda x: x,
    "sigmoid": functional.sigmoid,
    "logsigmoid": functional.logsigmoid,
    "tanh": functional.tanh,
    "hardtanh": functional.hardtanh,
    "atan": torch.atan,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "silu": functional.silu,
    "mish": functional.mish,
    "softplus": functional.softplus,
}

VECTORS = [[0.5, -1.5, 2.0], [-3.0, 0.25, 0.25], [1.0, 7.5, -4.0]]
LOSSES: list[tuple[str, Any, Callable[..., torch.Tensor]]] = [
    ("mse", [0.25, 2.0, 1.0], functional.mse_loss),
    ("mae", [0.3, 2.0, 1.0], functional.l1_loss),
    ("huber", [0.25, 2.0, 0.5], functional.huber_loss),
    ("hinge", [1.0, -1.0, -1.0], lambda y, t: functional.relu(1 - t * y).mean()),
    ("binary_cross_entropy", [1.0, 0.0, 1.0], functional.binary_cross_entropy_with_logits),
    ("binary_cross_entropy", [0.25, 0.5, 1.0], functional.binary_cross_entropy_with_logits),
    ("softmax_cross_entropy", 2, functional.cross_entropy),
    ("softmax_cross_entropy", [0.25, 0.25, 0.5], functional.cross_entropy),
]


def optimizer_steps() -> Iterable[dict[str, Any]]:
    for name, settings in SETTINGS:
        parameter = torch.tensor(START, requires_grad=True)
        optimizer = OPTIMIZERS[name]([parameter], **settings)
        after = []
        for gradient in GRADIENTS:
            parameter.grad = torch.tensor(gradient)
            optimizer.step()
            after.append(parameter.tolist())
        yield {"name": name, "settings": settings, "after": after}


def learning_rates() -> Iterable[dict[str, Any]]:
    for name, arguments, make in SCHEDULES:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        schedule = make(optimizer)
        rates = []
        for _ in range(8):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        yield {"name": name, "arguments": arguments, "rates": rates}


def activation_values() -> Iterable[dict[str, Any]]:
    for name, function in ACTIVATIONS.items():
        x = torch.tensor(POINTS, requires_grad=True)
        y = function(x)
        y.sum().backward()
        yield {"name": name, "values": y.tolist(), "slopes": x.grad.tolist()}


def loss_values() -> Iterable[dict[str, Any]]:
    for name, target, function in LOSSES:
        for vector in VECTORS:
            y = torch.tensor(vector, requires_grad=True)
            loss = function(y, torch.tensor(target))
            loss.backward()
            yield {
                "name": name,
                "predictions": vector,
                "target": target,
                "loss": loss.item(),
                "slopes": y.grad.tolist(),
            }


def clipped_gradients() -> Iterable[dict[str, Any]]:
    for largest in 0.5, 5.0, 50.0:
        parameter = torch.tensor(START, requires_grad=True)
        parameter.grad = torch.tensor(GRADIENTS[2])
        norm = torch.nn.utils.clip_grad_norm_([parameter], largest).item()
        yield {"largest": largest, "norm": norm, "after": parameter.grad.tolist()}


if __name__ == "__main__":
    recorded = {
        "torch": torch.__version__,
        "start": START,
        "gradients": GRADIENTS,
        "points": POINTS,
        "optimizers": list(optimizer_steps()),
        "schedules": list(learning_rates()),
        "activations": list(activation_values()),
        "losses": list(loss_values()),
        "clipping": list(clipped_gradients()),
    }
    text = json.dumps(recorded, indent=1) + "\n"
    Path(__file__).with_name("torch.json").write_text(text, encoding="utf-8")
