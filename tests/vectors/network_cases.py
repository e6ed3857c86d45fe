"""Whole networks for ten training steps: every loss on the way, the weights and a prediction after it."""

import json
from collections import namedtuple

import keras
import numpy as np
import torch
from keras import layers, losses, optimizers, regularizers

import torch_losses
import torch_optimizers
from agreement import check_agreement
from graphs import leaves, torch_forward
from kinks import Kinks
from precision import described, precision
from vector_file import VectorFile, normal, random_for

BATCH = 7
STEPS = 10
CLASSES = 5

# Rounding adds up over the layers and the steps: stay further away than it can reach.
KINK_DISTANCE = 1e-5

# `written` changes what Keras writes for the model.
Case = namedtuple(
    "Case", "name references model optimizer loss one_hot written", defaults=[lambda description: description]
)


def cases():
    both, keras_only = ("keras", "torch"), ("keras",)
    sparse = losses.SparseCategoricalCrossentropy
    yield Case(
        "tanh-average-pooling",
        both,
        tanh_average_pooling,
        lambda: optimizers.SGD(0.1, momentum=0.9),
        sparse,
        False,
    )
    yield Case(
        "relu-max-pooling",
        both,
        relu_max_pooling,
        lambda: optimizers.Adam(0.01),
        losses.CategoricalCrossentropy,
        True,
    )
    # PyTorch's running variance is another one, and it has no penalties in the loss.
    yield Case(
        "batch-normalization",
        keras_only,
        batch_normalization,
        lambda: optimizers.SGD(0.05, momentum=0.8, nesterov=True),
        lambda: sparse(from_logits=True),
        False,
    )
    yield Case(
        "penalties",
        keras_only,
        penalties,
        lambda: optimizers.RMSprop(0.003, clipnorm=0.1),
        losses.CategoricalCrossentropy,
        True,
    )
    yield Case(
        "penalties-adagrad",
        keras_only,
        penalties,
        lambda: optimizers.Adagrad(0.05, global_clipnorm=0.2),
        sparse,
        False,
    )
    yield Case("frozen-layers", keras_only, frozen_layers, optimizers.Adam, sparse, False)
    yield Case(
        "dense", both, dense, lambda: optimizers.AdamW(0.005, weight_decay=0.1), losses.MeanSquaredError, True
    )


def tanh_average_pooling():
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 5, padding="same", activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(6, 3, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(11, activation="tanh"),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def relu_max_pooling():
    return keras.Sequential(
        [
            keras.Input((11, 9, 2)),
            layers.Conv2D(4, 3, activation="relu", padding="same"),
            layers.MaxPooling2D(3, strides=2),
            layers.Conv2D(8, 3, groups=2, strides=2, padding="same"),
            layers.Activation("leaky_relu"),
            layers.MaxPooling2D(2, padding="same"),
            layers.Dropout(0.0),
            layers.Flatten(),
            layers.Dense(9, activation="relu"),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def batch_normalization():
    return keras.Sequential(
        [
            keras.Input((10, 10, 1)),
            layers.Conv2D(5, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Conv2D(7, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.8, epsilon=0.01),
            layers.Activation("elu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(CLASSES),
        ]
    )


def penalties():
    return keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(5, 3, activation="elu", kernel_regularizer=regularizers.L2(0.05)),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(8, activation="sigmoid", kernel_regularizer=regularizers.L1(0.01)),
            layers.Dense(CLASSES, activation="softmax", kernel_regularizer=regularizers.L1L2(0.005, 0.02)),
        ]
    )


def frozen_layers():
    """A frozen batch normalisation uses its moving statistics, and leaves them, in training too."""
    return keras.Sequential(
        [
            keras.Input((7, 7, 1)),
            layers.Conv2D(4, 3, activation="tanh"),
            layers.BatchNormalization(trainable=False),
            layers.Conv2D(5, 3, activation="sigmoid", kernel_regularizer="l2", trainable=False),
            layers.Flatten(),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def dense():
    return keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(16, activation="sigmoid"),
            layers.Dense(10, activation="tanh"),
            layers.Dense(CLASSES),
        ]
    )


def write():
    write_cases("network", cases())


def write_cases(name, cases):
    files = {reference: VectorFile(reference, "network", name) for reference in ("keras", "torch")}
    for case in cases:
        for reference in case.references:
            description = {
                "model": described(case.model, lambda model: case.written(json.loads(model.to_json()))),
                "optimizer": described(case.optimizer, optimizers.serialize),
                "loss": described(case.loss, losses.serialize),
                "batch": BATCH,
                "steps": STEPS,
            }
            files[reference].add(case.name, description, _tensors(case, reference))
    for file in files.values():
        file.write()


def _tensors(case, reference):
    for attempt in range(100):
        random = random_for(reference, case.name, attempt)
        with precision("float64"):
            model = case.model()
            for weight in model.weights:
                weight.assign(initial_value(random, weight))
            initial = weights_of(model)
            x = normal(random, (STEPS * BATCH, *model.input_shape[1:]))
            labels = random.integers(0, CLASSES, STEPS * BATCH)
            y = np.eye(CLASSES)[labels] if case.one_hot else labels
            _prepare(case, model, x, y)
            kinks = Kinks([layer for _, layer in leaves(model)])
            by_keras = _by_keras(model, x, y)
        if kinks.distance > KINK_DISTANCE:
            break
    else:
        raise ValueError(f"{case.name}: a kink in every attempt")
    result = by_keras
    if "torch" in case.references:
        with precision("float64"):
            by_torch = _by_torch(case, initial, x, y)
        check_agreement(case.name, by_keras, by_torch)
        result = by_keras if reference == "keras" else by_torch
    return {"x": x, "y": y} | {f"initial/{name}": value for name, value in initial.items()} | result


def initial_value(random, weight):
    if weight.name in ("kernel", "bias"):
        fan_in = np.prod(weight.shape[:-1]) if weight.name == "kernel" else 20
        return normal(random, weight.shape, scale=fan_in**-0.5)
    return normal(random, weight.shape, scale=0.1) + (weight.name in ("gamma", "moving_variance"))


def weights_of(model):
    """Copies of all weights by the names that safetensors files of this project give them."""
    return {
        f"{name}/{weight.name}": weight.numpy().copy()
        for name, layer in leaves(model)
        for weight in layer.weights
    }


def _batches(x, y):
    return ((x[start : start + BATCH], y[start : start + BATCH]) for start in range(0, len(x), BATCH))


def _prepare(case, model, x, y):
    """Lets Keras make the calls with made-up numbers that build its metrics, before kinks are watched."""
    model.compile(case.optimizer(), case.loss(), run_eagerly=True, jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    model.test_on_batch(x[:BATCH], y[:BATCH])


def _by_keras(model, x, y):
    reported = []
    for batch in _batches(x, y):
        # Otherwise the reported loss is the mean of all steps so far.
        model.reset_metrics()
        reported.append(model.train_on_batch(*batch))
    prediction = model(torch.tensor(x[-BATCH:]), training=False)
    final = {f"final/{name}": value for name, value in weights_of(model).items()}
    return {"losses": np.array(reported), "prediction": prediction.detach()} | final


def _by_torch(case, initial, x, y):
    model, loss = case.model(), torch_losses.counterpart(case.loss())
    weights = {name: torch.tensor(value, requires_grad=True) for name, value in initial.items()}
    step = torch_optimizers.stepper(case.optimizer().get_config(), list(weights.values()))

    def forward(x, training):
        return torch_forward(model, weights, x, training)

    reported = []
    for batch_x, batch_y in _batches(torch.tensor(x), torch.tensor(y)):
        value = loss(forward(batch_x, training=True), batch_y)
        for weight in weights.values():
            weight.grad = None
        value.backward()
        step()
        reported.append(value.item())
    prediction = forward(torch.tensor(x[-BATCH:]), training=False)
    final = {f"final/{name}": weight.detach() for name, weight in weights.items()}
    return {"losses": np.array(reported), "prediction": prediction.detach()} | final
