"""What single units take from the input, and what hiding parts of it does, by PyTorch's hooks."""

import json

import keras
import numpy as np
import torch

import torch_layers
from agreement import check_agreement
from kinks import Kinks
from network_cases import KINK_DISTANCE, batch_normalization, initial_value, relu_max_pooling, weights_of
from precision import described, precision
from vector_file import VectorFile, normal, random_for

# What a ReLU passes back, given the gradient before it and that behind it.
RULES = {
    "gradient": None,
    "guided": lambda relu, before, behind: (before[0].clamp(min=0),),
    "deconvnet": lambda relu, before, behind: (behind[0].clamp(min=0),),
}


def projections():
    """(name, model factory, layer, unit); in a map its strongest place is taken."""
    for layer, unit in ("conv2d", 1), ("max_pooling2d", 2), ("activation", 5), ("dense", 0), ("dense_1", 2):
        yield f"relu-max-pooling-{layer}", relu_max_pooling, layer, unit
    for layer, unit in ("activation", 3), ("batch_normalization_1", 6), ("activation_1", 2), ("dense", 0):
        yield f"batch-normalization-{layer}", batch_normalization, layer, unit


def occlusions():
    """(name, model factory, size, stride, value)"""
    yield "relu-max-pooling", relu_max_pooling, 3, 1, 0.0
    yield "relu-max-pooling-stride-2", relu_max_pooling, 5, 2, 0.5
    yield "batch-normalization-pixel", batch_normalization, 1, 3, -1.0


def write():
    file = VectorFile("torch", "explanation")
    for name, make, layer, unit in projections():
        model, tensors = _problem(name, make)
        for rule, hook in RULES.items():
            description, result = _projected(model, tensors["x"], layer, unit, hook)
            description |= {"kind": "projection", "model": _description(make), "layer": layer, "rule": rule}
            file.add(f"{rule}-{name}", description, tensors | result)
    for name, make, size, stride, value in occlusions():
        model, tensors = _problem(name, make)
        description = {"kind": "occlusion", "model": _description(make), "size": size, "stride": stride, "value": value}
        result = {"probabilities": _occluded(model, tensors["x"], size, stride, value)}
        file.add(f"occlusion-{name}", description, tensors | result)
    file.write()


def _description(make):
    return described(make, lambda model: json.loads(model.to_json()))


def _problem(name, make):
    """A model, its weights and one example that keeps away from kinks."""
    for attempt in range(100):
        random = random_for("explanation", name, attempt)
        with precision("float64"):
            model = make()
            for weight in model.weights:
                weight.assign(initial_value(random, weight))
            x = normal(random, (1, *model.input_shape[1:]))
            kinks = Kinks(model.layers)
            by_keras = model(torch.tensor(x), training=False).detach()
        if kinks.distance > KINK_DISTANCE:
            break
    else:
        raise ValueError(f"{name}: a kink in every attempt")
    with precision("float64"):
        plain = make()
        for weight, value in zip(plain.weights, model.weights):
            weight.assign(value)
        check_agreement(name, {"prediction": by_keras}, {"prediction": _run(plain, torch.tensor(x)).detach()})
    initial = {f"initial/{key}": value for key, value in weights_of(plain).items()}
    return plain, initial | {"x": x}


def _run(model, x, last=None):
    """The output of the layer called `last`, before a softmax, or that of the model."""
    for layer in model.layers:
        own = {weight.name: torch.tensor(weight.numpy()) for weight in layer.weights}
        if layer.name == last and layer.get_config().get("activation") == "softmax":
            layer.activation = keras.activations.linear
            x = torch_layers.forward(layer, own, x, False)
            layer.activation = keras.activations.softmax
        else:
            x = torch_layers.forward(layer, own, x, False)
        if layer.name == last:
            break
    return x


def _projected(model, x, layer, unit, hook):
    x = torch.tensor(x, requires_grad=True)
    relu = torch_layers.ACTIVATIONS["relu"]
    handle = relu.register_full_backward_hook(hook) if hook else None
    output = _run(model, x, layer)
    values = output[0, ..., unit]
    place = np.unravel_index(values.argmax().item(), values.shape) if values.ndim else (0, 0)
    value = values[tuple(place)] if values.ndim else values
    value.backward(value.detach() if hook is RULES["deconvnet"] else None)
    if handle:
        handle.remove()
    description = {"unit": unit, "row": int(place[0]), "column": int(place[1])}
    # Planes, as the engine hands images out.
    return description, {"image": x.grad[0].permute(2, 0, 1), "value": value.detach()}


def _occluded(model, x, size, stride, value):
    height, width = x.shape[1:3]
    rows, half = [], size // 2
    for row in range(0, height, stride):
        for column in range(0, width, stride):
            hidden = x.copy()
            hidden[:, max(row - half, 0) : row + half + 1, max(column - half, 0) : column + half + 1] = value
            rows.append(_run(model, torch.tensor(hidden)).detach().numpy()[0])
    return np.array(rows).reshape(-(-height // stride), -(-width // stride), -1)
