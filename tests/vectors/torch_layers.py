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
    "celu": nn.CELU(),
    "exponential": torch.exp,
    "gelu": nn.GELU(),
    "hard_shrink": nn.Hardshrink(),
    "hard_sigmoid": nn.Hardsigmoid(),
    "hard_silu": nn.Hardswish(),
    "hard_tanh": nn.Hardtanh(),
    "log_sigmoid": nn.LogSigmoid(),
    "log_softmax": nn.LogSoftmax(dim=-1),
    "mish": nn.Mish(),
    "relu6": nn.ReLU6(),
    "selu": nn.SELU(),
    "silu": nn.SiLU(),
    "soft_shrink": nn.Softshrink(),
    "softplus": nn.Softplus(threshold=1e9),
    "softsign": nn.Softsign(),
    "squareplus": lambda x: (x + (x * x + 4).sqrt()) / 2,
    "tanh_shrink": nn.Tanhshrink(),
    "sparse_plus": lambda x: torch.where(x >= 1, x, torch.where(x <= -1, 0, (x + 1) ** 2 / 4)),
    "sparse_sigmoid": lambda x: ((x + 1) / 2).clamp(0, 1),
}
SHIPPED_ACTIVATIONS = "linear", "relu", "leaky_relu", "elu", "sigmoid", "tanh", "softmax"


def forward(layer, weights, x, training):
    """The output of the Keras layer `layer` for `x`; `weights` maps Keras' names to tensors."""
    return _FORWARD[type(layer).__name__](layer.get_config(), weights, x, training)


def has(layer):
    """Whether PyTorch has a counterpart of the Keras layer `layer`: not of those that act at random."""
    return type(layer).__name__ in _FORWARD


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


def _layer_normalization(config, weights, x, training):
    return F.layer_norm(x, x.shape[-1:], weights.get("gamma"), weights.get("beta"), config["epsilon"])


def _local_response_normalization(config, weights, x, training):
    """PyTorch divides alpha by the number of channels that it sums over, TensorFlow does not."""
    size = 2 * config["depth_radius"] + 1
    norm = nn.LocalResponseNorm(size, config["alpha"] * size, config["beta"], config["bias"])
    return norm(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def _relu(config, x):
    if not (config["max_value"] or config["threshold"]):
        return F.leaky_relu(x, config["negative_slope"]) if config["negative_slope"] else nn.ReLU()(x)
    bounded = x if config["max_value"] is None else x.clamp(max=config["max_value"])
    return torch.where(x > config["threshold"], bounded, config["negative_slope"] * (x - config["threshold"]))


def _prelu(config, weights, x, training):
    return torch.where(x > 0, x, weights["alpha"] * x)


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
    "LayerNormalization": _layer_normalization,
    "LocalResponseNormalization": _local_response_normalization,
    "LeakyReLU": lambda config, weights, x, training: nn.LeakyReLU(config["negative_slope"])(x),
    "MaxPooling2D": _max_pool,
    "PReLU": _prelu,
    "ReLU": lambda config, weights, x, training: _relu(config, x),
    "Softmax": lambda config, weights, x, training: nn.Softmax(dim=config["axis"])(x),
    "UnitNormalization": lambda config, weights, x, training: F.normalize(x, dim=config["axis"]),
}
