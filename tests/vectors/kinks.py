"""How near a computation comes to a point where its gradient jumps.

Rounding must not decide on which side of a ReLU's corner, or on which pixel of a pooling window, a
gradient falls: cases are drawn again until every such decision is clear.
"""

import itertools

import torch
from torch.nn import functional as F

import same_padding


class Kinks:
    """The smallest distance from a kink in all calls of the watched layers."""

    def __init__(self, layers):
        self.distance = float("inf")
        for layer in layers:
            self._watch(layer)

    def _watch(self, layer):
        config = layer.get_config()
        match type(layer).__name__:
            case "MaxPooling2D":
                layer.call = self._watched(layer.call, lambda x: _lead_of_maxima(x, config))
            case "MaxPooling1D":
                row = {"pool_size": (1, *config["pool_size"]), "strides": (1, *config["strides"])}
                layer.call = self._watched(layer.call, lambda x: _lead_of_maxima(x[:, None], config | row))
            case "GlobalMaxPooling1D" | "GlobalMaxPooling2D":
                layer.call = self._watched(layer.call, _lead_of_maximum)
            case "Maximum" | "Minimum":
                layer.call = self._watched(layer.call, _distances_from_each_other)
            case "ReLU" | "LeakyReLU":
                layer.call = self._watched(layer.call, _distances_from_zero)
            case _ if config.get("activation") in ("relu", "leaky_relu"):
                layer.activation = self._watched(layer.activation, _distances_from_zero)

    def _watched(self, function, distances):
        def watched(x):
            self._note(distances([part.detach() for part in x] if isinstance(x, list) else x.detach()))
            return function(x)

        return watched

    def _note(self, distances):
        if distances.numel():
            self.distance = min(self.distance, distances.min().item())


def _distances_from_zero(x):
    """Of what is not exactly zero: that is a sum of zeros, which nothing can round."""
    return x[x != 0].abs()


def _lead_of_maximum(x):
    """By how much each channel's largest value exceeds its second largest."""
    first, second = torch.topk(x.flatten(1, -2), 2, dim=1).values.unbind(1)
    return first - second


def _distances_from_each_other(inputs):
    """Between any two inputs of a layer, at every place."""
    return torch.cat([(one - other).abs().flatten() for one, other in itertools.combinations(inputs, 2)])


def _lead_of_maxima(x, config):
    """By how much each window's largest value exceeds its second largest."""
    x = x.permute(0, 3, 1, 2)
    if config["padding"] == "same":
        x = F.pad(
            x, same_padding.of(x.shape[2:], config["pool_size"], config["strides"]), value=float("-inf")
        )
    size, stride = config["pool_size"], config["strides"]
    windows = x.unfold(2, size[0], stride[0]).unfold(3, size[1], stride[1]).flatten(-2)
    first, second = torch.topk(windows, 2).values.unbind(-1)
    # Several exact zeros are units that a ReLU switched off: none of them passes a gradient on.
    return (first - second)[(first != 0) | (second != 0)]
