"""Every loss: its value, the mean over the batch, and the gradient of the prediction."""

from functools import partial

import numpy as np
import torch
from keras import losses
from torch.nn import functional as F

import torch_losses
from agreement import check_agreement
from precision import described, precision
from vector_file import VectorFile, normal, random_for

CLASSES = 10


def cases():
    """(name, loss factory, prediction maker, target maker)"""
    sparse, categorical = losses.SparseCategoricalCrossentropy, losses.CategoricalCrossentropy
    yield "sparse-probabilities", sparse, _probabilities, _labels
    yield "sparse-unnormalised", sparse, _positive, _labels
    yield "sparse-logits", partial(sparse, from_logits=True), _logits, _labels
    yield "sparse-large-logits", partial(sparse, from_logits=True), _large_logits, _labels
    yield "categorical-probabilities", categorical, _probabilities, _one_hot
    yield "categorical-unnormalised", categorical, _positive, _one_hot
    yield "categorical-soft-targets", categorical, _probabilities, _probabilities
    yield "categorical-logits", partial(categorical, from_logits=True), _logits, _one_hot
    yield "categorical-large-logits", partial(categorical, from_logits=True), _large_logits, _one_hot
    for smoothing in 0.1, 1.0:
        smoothed = partial(categorical, label_smoothing=smoothing)
        yield f"categorical-smoothed-{smoothing}", smoothed, _probabilities, _one_hot
        yield (
            f"categorical-smoothed-{smoothing}-logits",
            partial(smoothed, from_logits=True),
            _logits,
            _one_hot,
        )
    yield "mean-squared-error", losses.MeanSquaredError, _logits, _one_hot
    yield "mean-squared-error-regression", losses.MeanSquaredError, _logits, _logits


def further_cases():
    """Losses that the shipped models do without."""
    binary = losses.BinaryCrossentropy
    yield "binary-crossentropy", binary, _positive, _binary
    yield "binary-crossentropy-smoothed", partial(binary, label_smoothing=0.2), _positive, _binary
    yield "binary-crossentropy-logits", partial(binary, from_logits=True), _logits, _binary
    yield (
        "binary-crossentropy-smoothed-logits",
        partial(binary, from_logits=True, label_smoothing=0.2),
        _large_logits,
        _binary,
    )
    yield "binary-crossentropy-soft-targets", binary, _positive, _positive
    yield "categorical-hinge", losses.CategoricalHinge, _logits, _one_hot
    yield "hinge", losses.Hinge, _logits, _binary
    yield "hinge-signs", losses.Hinge, _logits, _signs
    yield "squared-hinge", losses.SquaredHinge, _logits, _binary
    yield "huber", losses.Huber, _logits, _logits
    yield "kl-divergence", losses.KLDivergence, _probabilities, _probabilities
    yield "log-cosh", losses.LogCosh, _logits, _logits
    yield "mean-absolute-error", losses.MeanAbsoluteError, _logits, _logits
    yield "mean-absolute-percentage-error", losses.MeanAbsolutePercentageError, _logits, _positive
    yield "mean-squared-logarithmic-error", losses.MeanSquaredLogarithmicError, _positive, _positive
    yield "poisson", losses.Poisson, _positive, _positive


def write():
    write_cases(cases(), "loss")
    write_cases(further_cases(), "further-loss")


def write_cases(cases, file_name):
    files = VectorFile("keras", "loss", file_name), VectorFile("torch", "loss", file_name)
    for name, make, make_prediction, make_target in cases:
        for file in files:
            for batch in 1, 7:
                random = random_for(file.reference, name, batch)
                prediction = make_prediction(random, batch)
                target = make_target(random, batch)
                with precision("float64"):
                    loss = make()
                    by_keras = _evaluated(lambda y, t: loss(t, y), prediction, target)
                by_torch = _evaluated(torch_losses.counterpart(loss), prediction, target)
                check_agreement(name, by_keras, by_torch)
                result = by_keras if file.reference == "keras" else by_torch
                file.add(
                    f"{name}-batch-{batch}",
                    {"loss": described(make, losses.serialize), "batch": batch},
                    {"prediction": prediction, "target": target} | result,
                )
    for file in files:
        file.write()


def _evaluated(loss, prediction, target):
    prediction = torch.tensor(prediction, requires_grad=True)
    value = loss(prediction, torch.tensor(target))
    value.backward()
    return {"loss": value.detach().reshape(1), "prediction_gradient": prediction.grad}


def _labels(random, batch):
    return random.integers(0, CLASSES, batch)


def _one_hot(random, batch):
    return np.eye(CLASSES)[_labels(random, batch)]


def _binary(random, batch):
    return random.integers(0, 2, (batch, CLASSES)).astype(np.float64)


def _signs(random, batch):
    return 2 * _binary(random, batch) - 1


def _logits(random, batch):
    return normal(random, (batch, CLASSES), scale=2.0)


def _large_logits(random, batch):
    return normal(random, (batch, CLASSES), scale=60.0)


def _positive(random, batch):
    return random.uniform(0.05, 0.95, (batch, CLASSES)).astype(np.float32).astype(np.float64)


def _probabilities(random, batch):
    shares = F.softmax(torch.tensor(_logits(random, batch)), dim=-1).numpy()
    return shares.astype(np.float32).astype(np.float64)
