"""Keras layers computed by PyTorch's modules, with tensors and weights in Keras' layouts.

`functional_call` gives the modules Keras' weights, transposed on the way, so that gradients come back
in Keras' layouts by themselves.
"""

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

import same_padding

ACTIVATIONS = {
    "linear": nn.Identity(),
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(0.2),
    "elu": nn.ELU(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "softmax": nn.Softmax(dim=-1),
}


def forward(layer, weights, x, training):
    """The output of the Keras layer `layer` for `x`; `weights` maps Keras' names to tensors."""
    return _FORWARD[type(layer).__name__](layer.get_config(), weights, x, training)


def agrees_with_keras(layer, shape):
    """Whether Keras' torch backend computes what Keras defines: see README.md on average pooling."""
    if type(layer).__name__ != "AveragePooling2D" or layer.padding != "same":
        return True
    left, right, top, bottom = same_padding.of(shape[:2], layer.pool_size, layer.strides)
    return left == right and top == bottom


def _conv(config, weights, x, training):
    size, strides, groups = config["kernel_size"], config["strides"], config["groups"]
    channels = x.shape[-1]
    conv = nn.Conv2d(channels, config["filters"], size, strides, groups=groups, bias=config["use_bias"])
    weights = dict(weights)
    weights["weight"] = weights.pop("kernel").permute(3, 2, 0, 1)
    x = x.permute(0, 3, 1, 2)
    if config["padding"] == "same":
        x = F.pad(x, same_padding.of(x.shape[2:], size, strides))
    return ACTIVATIONS[config["activation"]](functional_call(conv, weights, x).permute(0, 2, 3, 1))


def _depthwise_conv(config, weights, x, training):
    """A convolution of one group a channel; Keras' kernel lies in memory as that of such a one."""
    channels = x.shape[-1]
    filters = channels * config["depth_multiplier"]
    kernel = weights["kernel"].reshape(*config["kernel_size"], 1, filters)
    return _conv(config | {"filters": filters, "groups": channels}, weights | {"kernel": kernel}, x, training)


def _dense(config, weights, x, training):
    dense = nn.Linear(x.shape[-1], config["units"], bias=config["use_bias"])
    weights = dict(weights)
    weights["weight"] = weights.pop("kernel").T
    return ACTIVATIONS[config["activation"]](functional_call(dense, weights, x))


def _max_pool(config, weights, x, training):
    x = x.permute(0, 3, 1, 2)
    if config["padding"] == "same":
        x = F.pad(
            x, same_padding.of(x.shape[2:], config["pool_size"], config["strides"]), value=float("-inf")
        )
    return nn.MaxPool2d(config["pool_size"], config["strides"])(x).permute(0, 2, 3, 1)


def _average_pool(config, weights, x, training):
    x = x.permute(0, 3, 1, 2)
    pool = nn.AvgPool2d(config["pool_size"], config["strides"])
    if config["padding"] == "valid":
        return pool(x).permute(0, 2, 3, 1)
    # The padding counts neither in the sum nor in the number that divides it.
    pads = same_padding.of(x.shape[2:], config["pool_size"], config["strides"])
    return (pool(F.pad(x, pads)) / pool(F.pad(torch.ones_like(x), pads))).permute(0, 2, 3, 1)


def _global_average_pool(config, weights, x, training):
    means = nn.AdaptiveAvgPool2d(1)(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    return means if config["keepdims"] else means.flatten(1)


def _batch_normalization(config, weights, x, training):
    kind = nn.BatchNorm2d if x.ndim == 4 else nn.BatchNorm1d
    norm = kind(x.shape[-1], eps=config["epsilon"], momentum=1 - config["momentum"]).train(training)
    tensors = {
        "weight": weights.get("gamma"),
        "bias": weights.get("beta"),
        "running_mean": weights["moving_mean"],
        "running_var": weights["moving_variance"],
    }
    return functional_call(norm, tensors, x.movedim(-1, 1)).movedim(1, -1)


_FORWARD = {
    "Activation": lambda config, weights, x, training: ACTIVATIONS[config["activation"]](x),
    "AveragePooling2D": _average_pool,
    "BatchNormalization": _batch_normalization,
    "Conv2D": _conv,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise_conv,
    "Dropout": lambda config, weights, x, training: nn.Dropout(config["rate"]).train(training)(x),
    "ELU": lambda config, weights, x, training: nn.ELU(config["alpha"])(x),
    "Flatten": lambda config, weights, x, training: nn.Flatten()(x),
    "GlobalAveragePooling2D": _global_average_pool,
    "LeakyReLU": lambda config, weights, x, training: nn.LeakyReLU(config["negative_slope"])(x),
    "MaxPooling2D": _max_pool,
    "ReLU": lambda config, weights, x, training: nn.ReLU()(x),
    "Softmax": lambda config, weights, x, training: nn.Softmax(dim=config["axis"])(x),
}
