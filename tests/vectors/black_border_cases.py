"""The first step on black images with one bright pixel, with biases of zero: most windows hold only zeros.

There a convolution is exactly its bias. A method that adds up rounded sums leaves noise instead, a ReLU lets half
of it through, and the gradients of those places come to the bias.
"""

import json
from collections import namedtuple

import keras
import numpy as np
import torch
from keras import layers, losses

import torch_layers
import torch_losses
from agreement import check_agreement
from kinks import Kinks
from network_cases import weights_of
from precision import described, precision
from vector_file import VectorFile, normal, random_for

BATCH = 3
CLASSES = 5

# Rounding of two layers has to stay away from kinks.
KINK_DISTANCE = 1e-5

Case = namedtuple("Case", "name size padding channels filters pooled")


def cases():
    """Kernels of 3×3 and 5×5, each on as many channels as the networks of the page have."""
    yield Case("3x3-same-12-channels", 3, "same", 12, 24, pooled=False)
    yield Case("3x3-valid-24-channels-pooled", 3, "valid", 24, 12, pooled=True)
    yield Case("3x3-valid-32-channels-pooled", 3, "valid", 32, 32, pooled=True)
    yield Case("3x3-same-64-channels-pooled", 3, "same", 64, 8, pooled=True)
    yield Case("5x5-same-12-channels-pooled", 5, "same", 12, 16, pooled=True)
    yield Case("5x5-valid-24-channels", 5, "valid", 24, 8, pooled=False)


def network(case):
    """Two convolutions, since the first one's channel is too few for most methods."""
    options = {"padding": case.padding, "activation": "relu"}
    pooling = [layers.MaxPooling2D(2)] if case.pooled else []
    return keras.Sequential(
        [
            keras.Input((10, 10, 1)),
            layers.Conv2D(case.channels, 3, padding="same", activation="relu"),
            layers.Conv2D(case.filters, case.size, name="watched", **options),
            *pooling,
            layers.GlobalAveragePooling2D(),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def write():
    file = VectorFile("keras", "black-border")
    for case in cases():
        description = {
            "kind": "step",
            "model": described(lambda: network(case), lambda model: json.loads(model.to_json())),
            "loss": described(losses.SparseCategoricalCrossentropy, losses.serialize),
            "maps_of": "watched",
        }
        file.add(case.name, description, _tensors(case))
    file.write()


def _tensors(case):
    for attempt in range(100):
        random = random_for("black-border", case.name, attempt)
        with precision("float64"):
            model = network(case)
            for weight in model.weights:
                if weight.name == "kernel":
                    weight.assign(normal(random, weight.shape, scale=np.prod(weight.shape[:-1]) ** -0.5))
            initial = weights_of(model)
            x, y = _images(random), random.integers(0, CLASSES, BATCH)
            kinks = Kinks(model.layers)
            by_keras = _first_step(
                [layer.call for layer in model.layers],
                {f"{layer.name}/{weight.name}": weight.value for layer in model.layers for weight in layer.weights},
                [layer.name for layer in model.layers].index("watched"),
                _keras_loss,
                x,
                y,
            )
        if kinks.distance > KINK_DISTANCE:
            break
    else:
        raise ValueError(f"{case.name}: a kink in every attempt")
    with precision("float64"):
        check_agreement(case.name, by_keras, _by_torch(case, initial, x, y))
    return {"x": x, "y": y} | {f"initial/{name}": value for name, value in initial.items()} | by_keras


def _images(random):
    images = np.zeros((BATCH, 10, 10, 1))
    for image in images:
        image[tuple(random.integers(1, 9, 2))] = 1.0
    return images


def _keras_loss(prediction, target):
    return losses.SparseCategoricalCrossentropy()(target, prediction)


def _by_torch(case, initial, x, y):
    model = network(case)
    weights = {name: torch.tensor(value, requires_grad=True) for name, value in initial.items()}

    def call(layer):
        own = {weight.name: weights[f"{layer.name}/{weight.name}"] for weight in layer.weights}
        return lambda x: torch_layers.forward(layer, own, x, True)

    watched = [layer.name for layer in model.layers].index("watched")
    loss = torch_losses.counterpart(losses.SparseCategoricalCrossentropy())
    return _first_step([call(layer) for layer in model.layers], weights, watched, loss, x, y)


def _first_step(calls, weights, watched, loss, x, y):
    """Forward through `calls` and back to `weights`; call number `watched` shows its maps."""
    values = torch.tensor(x)
    for number, call in enumerate(calls):
        values = call(values)
        if number == watched:
            maps = values.detach().numpy()
    value = loss(values, torch.tensor(y))
    value.backward()
    gradients = {f"gradient/{name}": weight.grad for name, weight in weights.items()}
    return {"maps": maps, "prediction": values.detach(), "loss": np.array([value.item()])} | gradients
