"""Models whose layers read others than the one before, or are models themselves."""

import json

import keras
import torch

import torch_layers

MERGING = {
    "Add": lambda values, config: sum(values),
    "Subtract": lambda values, config: values[0] - values[1],
    "Multiply": lambda values, config: torch.prod(torch.stack(torch.broadcast_tensors(*values)), dim=0),
    "Average": lambda values, config: sum(values) / len(values),
    "Maximum": lambda values, config: torch.amax(torch.stack(torch.broadcast_tensors(*values)), dim=0),
    "Minimum": lambda values, config: torch.amin(torch.stack(torch.broadcast_tensors(*values)), dim=0),
    "Concatenate": lambda values, config: torch.cat(values, dim=config["axis"]),
}


def leaves(model, path=""):
    """All layers that are no models, each with its name behind those of the models that it is in."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from leaves(layer, f"{path}{layer.name}/")
        else:
            yield path + layer.name, layer


def torch_forward(model, weights, x, training, path=""):
    """The output of `model` by PyTorch; `weights` maps the names of weights to tensors."""
    config = json.loads(model.to_json())["config"]
    is_functional = "output_layers" in config
    values, last = {}, None
    for entry in config["layers"]:
        name = entry["config"]["name"]
        if entry["class_name"] == "InputLayer":
            values[name] = x
        else:
            sources = list(_sources(entry["inbound_nodes"])) if is_functional else [last]
            layer = model.get_layer(name)
            inputs = [values.get(source, x) for source in sources]
            values[name] = _layer_forward(layer, weights, inputs, training, path)
        last = name
    return values[config["output_layers"][0]] if is_functional else values[last]


def _layer_forward(layer, weights, inputs, training, path):
    if isinstance(layer, keras.Model):
        return torch_forward(layer, weights, inputs[0], training, f"{path}{layer.name}/")
    if type(layer).__name__ in MERGING:
        return MERGING[type(layer).__name__](inputs, layer.get_config())
    own = {weight.name: weights[f"{path}{layer.name}/{weight.name}"] for weight in layer.weights}
    return torch_layers.forward(layer, own, inputs[0], training)


def _sources(node):
    """The names of the layers that stand anywhere in what Keras 3 writes for a call."""
    if isinstance(node, dict):
        if "keras_history" in node:
            yield node["keras_history"][0]
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _sources(part)


def as_keras_2(model):
    """What Keras 2 writes for a model of which Keras 3 writes `model`."""
    config = model["config"]
    layers = [
        {
            "class_name": entry["class_name"],
            "config": _arguments_of_keras_2(entry["config"]),
            "name": entry["name"],
            "inbound_nodes": [
                [[source, 0, 0, {}] for source in _sources(node)] for node in entry["inbound_nodes"]
            ],
        }
        for entry in config["layers"]
    ]
    return {
        "class_name": "Functional",
        "config": {
            "name": config["name"],
            "trainable": True,
            "layers": layers,
            "input_layers": [config["input_layers"]],
            "output_layers": [config["output_layers"]],
        },
        "keras_version": "2.13.1",
        "backend": "tensorflow",
    }


def _arguments_of_keras_2(config):
    of_keras_3 = ("optional", "quantization_config")
    config = {name: value for name, value in config.items() if name not in of_keras_3}
    config["dtype"] = "float32"
    if "batch_shape" in config:
        config["batch_input_shape"] = config.pop("batch_shape")
    return config
