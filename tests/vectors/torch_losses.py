"""PyTorch's losses, reading predictions as Keras' do."""

from torch import nn
from torch.nn import functional as F

# The probability that Keras keeps a prediction away from 0 by.
EPSILON = 1e-7


def counterpart(loss):
    """`f(prediction, target)` for the Keras loss `loss`."""
    config = loss.get_config()
    if type(loss).__name__ == "MeanSquaredError":
        return nn.MSELoss()
    if type(loss).__name__ in _FURTHER:
        return _FURTHER[type(loss).__name__](config)
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=config.get("label_smoothing", 0.0))
    if config["from_logits"]:
        return cross_entropy
    # Keras divides by the sum of the outputs, whether or not they are probabilities already. A softmax
    # leaves logarithms of shares as they are.
    return lambda prediction, target: cross_entropy(
        (prediction / prediction.sum(-1, keepdim=True)).log(), target
    )


def _binary_crossentropy(config):
    loss = nn.BCEWithLogitsLoss() if config["from_logits"] else nn.BCELoss()
    smoothing = config["label_smoothing"]
    return lambda prediction, target: loss(prediction, target * (1 - smoothing) + smoothing / 2)


def _margins(power):
    def loss(prediction, target):
        signs = 2 * target - 1 if ((target == 0) | (target == 1)).all() else target
        return ((1 - signs * prediction).clamp(min=0) ** power).mean()

    return loss


def _categorical_hinge(prediction, target):
    wrong = ((1 - target) * prediction).max(-1).values
    return (wrong - (target * prediction).sum(-1) + 1).clamp(min=0).mean()


def _mean_squared_logarithmic_error(prediction, target):
    return F.mse_loss(prediction.log1p(), target.log1p())


_FURTHER = {
    "BinaryCrossentropy": _binary_crossentropy,
    "CategoricalHinge": lambda config: _categorical_hinge,
    "Hinge": lambda config: _margins(1),
    "Huber": lambda config: nn.HuberLoss(),
    "KLDivergence": lambda config: lambda p, y: F.kl_div(p.log(), y, reduction="batchmean"),
    "LogCosh": lambda config: lambda p, y: ((p - y).cosh().log()).mean(),
    "MeanAbsoluteError": lambda config: nn.L1Loss(),
    "MeanAbsolutePercentageError": lambda config: lambda p, y: 100 * ((p - y).abs() / y.abs()).mean(),
    "MeanSquaredLogarithmicError": lambda config: _mean_squared_logarithmic_error,
    "Poisson": lambda config: nn.PoissonNLLLoss(log_input=False, eps=EPSILON),
    "SquaredHinge": lambda config: _margins(2),
}
