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
    if type(layer).__name__ not in ("AveragePooling1D", "AveragePooling2D") or layer.padding != "same":
        return True
    pads = same_padding.of(shape[:-1], layer.pool_size, layer.strides)
    return pads[::2] == pads[1::2]


def _conv(config, weights, x, training):
    size, strides, groups = config["kernel_size"], config["strides"], config["groups"]
    channels = x.shape[-1]
    dilation = config["dilation_rate"]
    conv = nn.Conv2d(
        channels, config["filters"], size, strides, 0, dilation, groups=groups, bias=config["use_bias"]
    )
    weights = dict(weights)
    weights["weight"] = weights.pop("kernel").permute(3, 2, 0, 1)
    x = x.permute(0, 3, 1, 2)
    if config["padding"] == "same":
        x = F.pad(x, same_padding.of(x.shape[2:], _extents(config), strides))
    return ACTIVATIONS[config["activation"]](functional_call(conv, weights, x).permute(0, 2, 3, 1))


def _extents(config):
    """How far the window reaches along each axis."""
    sizes = zip(config["kernel_size"], config["dilation_rate"])
    return [(size - 1) * dilation + 1 for size, dilation in sizes]


def _separable_conv(config, weights, x, training):
    depthwise = config | {"use_bias": False, "activation": "linear"}
    x = _depthwise_conv(depthwise, {"kernel": weights["depthwise_kernel"]}, x, training)
    point = {"kernel_size": (1, 1), "strides": (1, 1), "dilation_rate": (1, 1), "groups": 1}
    rest = {name: weight for name, weight in weights.items() if name != "depthwise_kernel"}
    rest["kernel"] = rest.pop("pointwise_kernel")
    return _conv(config | point, rest, x, training)


def _conv_transpose(config, weights, x, training):
    """PyTorch's output has (n − 1) · s + k cells an axis; Keras' is cut out of it, or has zeros behind."""
    size, strides = config["kernel_size"], config["strides"]
    inputs = x.shape[1:3]
    x = F.conv_transpose2d(x.permute(0, 3, 1, 2), weights["kernel"].permute(3, 2, 0, 1), None, strides)
    for axis in 0, 1:
        before, wanted = 0, (inputs[axis] - 1) * strides[axis] + max(size[axis], strides[axis])
        if config["padding"] == "same":
            before, wanted = max(size[axis] - strides[axis], 0) // 2, inputs[axis] * strides[axis]
        behind = before + wanted - x.shape[2 + axis]
        x = F.pad(x, (0, 0, -before, behind) if axis == 0 else (-before, behind))
    x = x.permute(0, 2, 3, 1)
    return ACTIVATIONS[config["activation"]](x + weights["bias"] if config["use_bias"] else x)


def _conv1d(config, weights, x, training):
    size, strides, dilation = config["kernel_size"], config["strides"], config["dilation_rate"]
    conv = nn.Conv1d(
        x.shape[-1], config["filters"], size, strides, 0, dilation, config["groups"], config["use_bias"]
    )
    weights = dict(weights)
    weights["weight"] = weights.pop("kernel").permute(2, 1, 0)
    x = x.permute(0, 2, 1)
    if config["padding"] == "same":
        x = F.pad(x, same_padding.of(x.shape[2:], _extents(config), strides))
    if config["padding"] == "causal":
        x = F.pad(x, (_extents(config)[0] - 1, 0))
    return ACTIVATIONS[config["activation"]](functional_call(conv, weights, x).permute(0, 2, 1))


def _on_a_row(forward):
    """A layer of sequences as the same of images of one row."""

    def of_sequence(config, weights, x, training):
        sizes = {name: (1, *config[name]) for name in ("pool_size", "strides") if name in config}
        output = forward(config | sizes, weights, x[:, None], training)
        return output[:, 0] if output.ndim == 4 else output

    return of_sequence


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


def _global_max_pool(config, weights, x, training):
    maxima = nn.AdaptiveMaxPool2d(1)(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    return maxima if config["keepdims"] else maxima.flatten(1)


def _normalization(config, weights, x, training):
    mean, variance = (
        weights[name] if name in weights else torch.tensor(config[name], dtype=torch.float64)
        for name in ("mean", "variance")
    )
    return mean + x * variance.sqrt() if config["invert"] else (x - mean) / variance.sqrt()


def _rescaling(config, weights, x, training):
    scale, offset = (torch.tensor(config[name], dtype=torch.float64) for name in ("scale", "offset"))
    return x * scale + offset


def _zero_padding(config, weights, x, training):
    (top, bottom), (left, right) = config["padding"]
    return F.pad(x, (0, 0, left, right, top, bottom))


def _cropping(config, weights, x, training):
    (top, bottom), (left, right) = config["cropping"]
    return x[:, top : x.shape[1] - bottom, left : x.shape[2] - right]


def _up_sampling(config, weights, x, training):
    scale = tuple(float(factor) for factor in config["size"])
    options = {"align_corners": False} if config["interpolation"] == "bilinear" else {}
    x = F.interpolate(x.permute(0, 3, 1, 2), scale_factor=scale, mode=config["interpolation"], **options)
    return x.permute(0, 2, 3, 1)


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
    "AveragePooling1D": _on_a_row(_average_pool),
    "AveragePooling2D": _average_pool,
    "BatchNormalization": _batch_normalization,
    "Conv1D": _conv1d,
    "Conv2D": _conv,
    "Conv2DTranspose": _conv_transpose,
    "Cropping2D": _cropping,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise_conv,
    "Dropout": lambda config, weights, x, training: nn.Dropout(config["rate"]).train(training)(x),
    "ELU": lambda config, weights, x, training: nn.ELU(config["alpha"])(x),
    "Flatten": lambda config, weights, x, training: nn.Flatten()(x),
    "GlobalAveragePooling1D": _on_a_row(_global_average_pool),
    "GlobalAveragePooling2D": _global_average_pool,
    "GlobalMaxPooling1D": _on_a_row(_global_max_pool),
    "GlobalMaxPooling2D": _global_max_pool,
    "LayerNormalization": _layer_normalization,
    "LocalResponseNormalization": _local_response_normalization,
    "LeakyReLU": lambda config, weights, x, training: nn.LeakyReLU(config["negative_slope"])(x),
    "MaxPooling1D": _on_a_row(_max_pool),
    "MaxPooling2D": _max_pool,
    "Normalization": _normalization,
    "PReLU": _prelu,
    "Permute": lambda config, weights, x, training: x.permute(0, *config["dims"]),
    "ReLU": lambda config, weights, x, training: _relu(config, x),
    "Rescaling": _rescaling,
    "Reshape": lambda config, weights, x, training: x.reshape(len(x), *config["target_shape"]),
    "SeparableConv2D": _separable_conv,
    "Softmax": lambda config, weights, x, training: nn.Softmax(dim=config["axis"])(x),
    "UnitNormalization": lambda config, weights, x, training: F.normalize(x, dim=config["axis"]),
    "UpSampling2D": _up_sampling,
    "ZeroPadding2D": _zero_padding,
}
