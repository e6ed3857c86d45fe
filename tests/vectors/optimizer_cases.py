"""Ten steps of each optimiser on given gradients."""

import numpy as np
import torch
from keras import Variable, optimizers

import torch_optimizers
from agreement import check_agreement
from precision import described, precision
from vector_file import VectorFile, normal, random_for

STEPS = 10
PARAMETERS = 33


def cases():
    """(name, optimiser factory)"""
    sgd, adagrad, rmsprop = optimizers.SGD, optimizers.Adagrad, optimizers.RMSprop
    adam, adamw = optimizers.Adam, optimizers.AdamW
    yield "sgd", sgd
    yield "sgd-learning-rate", lambda: sgd(learning_rate=0.3)
    yield "sgd-momentum", lambda: sgd(momentum=0.9)
    yield "sgd-momentum-half", lambda: sgd(learning_rate=0.05, momentum=0.5)
    yield "sgd-nesterov", lambda: sgd(momentum=0.9, nesterov=True)
    yield "sgd-nesterov-half", lambda: sgd(learning_rate=0.05, momentum=0.5, nesterov=True)
    yield "adagrad", adagrad
    yield "adagrad-accumulator", lambda: adagrad(learning_rate=0.05, initial_accumulator_value=0.5)
    yield "adagrad-epsilon", lambda: adagrad(learning_rate=0.05, epsilon=0.02)
    yield "adagrad-epsilon-0", lambda: adagrad(epsilon=0.0)
    yield "rmsprop", rmsprop
    yield "rmsprop-rho", lambda: rmsprop(learning_rate=0.01, rho=0.6)
    yield "rmsprop-momentum", lambda: rmsprop(momentum=0.9)
    yield "rmsprop-centered", lambda: rmsprop(centered=True)
    yield "rmsprop-centered-momentum", lambda: rmsprop(momentum=0.5, centered=True, rho=0.8)
    yield "rmsprop-epsilon", lambda: rmsprop(epsilon=0.01)
    yield "rmsprop-epsilon-0", lambda: rmsprop(epsilon=0.0)
    yield "rmsprop-epsilon-0-momentum", lambda: rmsprop(epsilon=0.0, momentum=0.9, rho=0.8)
    yield "rmsprop-epsilon-0-centered", lambda: rmsprop(epsilon=0.0, centered=True, rho=0.7)
    yield "adam", adam
    yield "adam-learning-rate", lambda: adam(learning_rate=0.02)
    yield "adam-betas", lambda: adam(beta_1=0.7, beta_2=0.95)
    yield "adam-beta-1-0", lambda: adam(beta_1=0.0)
    yield "adam-epsilon", lambda: adam(epsilon=0.01)
    yield "adamw", adamw
    yield "adamw-weight-decay", lambda: adamw(learning_rate=0.01, weight_decay=3.0)
    yield "adamw-betas-epsilon", lambda: adamw(weight_decay=0.5, beta_1=0.8, beta_2=0.9, epsilon=0.001)
    yield "adamw-amsgrad", lambda: adamw(beta_2=0.6, amsgrad=True)
    yield "sgd-weight-decay", lambda: sgd(learning_rate=0.1, weight_decay=0.5, momentum=0.5)
    yield "rmsprop-weight-decay", lambda: rmsprop(weight_decay=5.0)
    decay = optimizers.schedules.CosineDecay
    yield "sgd-cosine-decay", lambda: sgd(learning_rate=decay(0.1, decay_steps=7))
    yield "adamw-cosine-decay", lambda: adamw(learning_rate=decay(0.02, decay_steps=20, alpha=0.1))
    yield "sgd-clipvalue", lambda: sgd(learning_rate=0.1, clipvalue=0.3)
    yield "adam-clipnorm", lambda: adam(clipnorm=0.5)
    yield "adagrad-global-clipnorm", lambda: adagrad(learning_rate=0.1, global_clipnorm=0.5)
    adamax = optimizers.Adamax
    yield "adamax", adamax
    yield "adamax-betas", lambda: adamax(learning_rate=0.02, beta_1=0.7, beta_2=0.6)
    yield "adamax-epsilon", lambda: adamax(epsilon=0.01)
    yield "adamax-epsilon-0", lambda: adamax(epsilon=0.0, beta_2=0.7)
    yield "adamax-weight-decay", lambda: adamax(weight_decay=5.0)


def further_cases():
    """Optimisers and schedules that the shipped trainings do without."""
    adadelta, lion, nadam = optimizers.Adadelta, optimizers.Lion, optimizers.Nadam
    yield "adadelta", adadelta
    yield "adadelta-rho", lambda: adadelta(learning_rate=0.5, rho=0.7)
    yield "adadelta-epsilon", lambda: adadelta(learning_rate=1.0, epsilon=0.01)
    yield "lion", lion
    yield "lion-betas", lambda: lion(learning_rate=0.01, beta_1=0.6, beta_2=0.8, weight_decay=0.5)
    yield "nadam", nadam
    yield "nadam-betas", lambda: nadam(learning_rate=0.02, beta_1=0.7, beta_2=0.9)
    yield "nadam-epsilon", lambda: nadam(epsilon=0.01)
    yield "adam-amsgrad", lambda: optimizers.Adam(beta_2=0.6, amsgrad=True)
    schedules, sgd = optimizers.schedules, optimizers.SGD
    for name, make in {
        "cosine-warm-up": lambda: schedules.CosineDecay(0.01, 6, alpha=0.1, warmup_target=0.2, warmup_steps=3),
        "cosine-restarts": lambda: schedules.CosineDecayRestarts(0.1, 3, m_mul=0.7, alpha=0.05),
        "cosine-restarts-of-one-length": lambda: schedules.CosineDecayRestarts(0.1, 3, t_mul=1.0, m_mul=0.5),
        "exponential": lambda: schedules.ExponentialDecay(0.1, 4, 0.5),
        "exponential-staircase": lambda: schedules.ExponentialDecay(0.1, 4, 0.5, staircase=True),
        "inverse-time": lambda: schedules.InverseTimeDecay(0.1, 4, 0.5),
        "inverse-time-staircase": lambda: schedules.InverseTimeDecay(0.1, 4, 0.5, staircase=True),
        "piecewise": lambda: schedules.PiecewiseConstantDecay([2, 5], [0.1, 0.05, 0.2]),
        "polynomial": lambda: schedules.PolynomialDecay(0.1, 6, end_learning_rate=0.01, power=2.0),
        "polynomial-cycle": lambda: schedules.PolynomialDecay(0.1, 4, end_learning_rate=0.01, cycle=True),
    }.items():
        yield f"sgd-{name}", lambda: sgd(learning_rate=make())


def write():
    write_cases(cases(), "optimizer")
    write_cases(further_cases(), "further-optimizer")


def write_cases(cases, file_name):
    files = VectorFile("keras", "optimizer", file_name), VectorFile("torch", "optimizer", file_name)
    for name, make in cases:
        with precision("float64"):
            config = make().get_config()
        for file in files:
            initial, gradients = _problem(random_for(file.reference, name), _first_rate(config["learning_rate"]))
            by_keras = _by_keras(make, initial, gradients)
            by_torch = None
            if torch_optimizers.agrees_with_keras(config):
                by_torch = _by_torch(config, initial, gradients)
                check_agreement(name, by_keras, by_torch)
            result = by_keras if file.reference == "keras" else by_torch
            if result is not None:
                description = {"optimizer": described(make, optimizers.serialize)}
                file.add(name, description, {"initial": initial, "gradients": gradients} | result)
    for file in files:
        file.write()


def _first_rate(learning_rate):
    if not isinstance(learning_rate, dict):
        return learning_rate
    config = learning_rate["config"]
    return config["initial_learning_rate"] if "initial_learning_rate" in config else config["values"][0]


def _problem(random, learning_rate):
    """Start values as small as the steps, so that an error in a step shows in the values' norm, and
    gradients of several magnitudes, so that the place of an epsilon does."""
    initial = normal(random, PARAMETERS, scale=4 * learning_rate)
    magnitudes = 10 ** random.uniform(-4, 0.5, PARAMETERS)
    gradients = (magnitudes * normal(random, (STEPS, PARAMETERS))).astype(np.float32).astype(np.float64)
    return initial, gradients


def _by_keras(make, initial, gradients):
    with precision("float64"):
        optimizer = make()
        variable = Variable(initial)
        optimizer.build([variable])
        values = []
        for gradient in gradients:
            optimizer.apply([torch.tensor(gradient)])
            values.append(variable.numpy().copy())
    return {"values": np.stack(values)}


def _by_torch(config, initial, gradients):
    parameter = torch.tensor(initial, requires_grad=True)
    step = torch_optimizers.stepper(config, [parameter])
    values = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        step()
        values.append(parameter.detach().numpy().copy())
    return {"values": np.stack(values)}
