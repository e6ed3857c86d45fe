"""PyTorch's optimisers with Keras' arguments, where both are defined alike: see README.md."""

import math

import torch


def agrees_with_keras(config):
    """PyTorch adds the epsilon of Adagrad and RMSprop outside the root, Keras inside, and that of Adamax to
    each gradient, Keras to the largest. It has no Lion, and its NAdam keeps a product in float32. Its optimisers
    don't clip, have no schedule of their own, and only its AdamW keeps weight decay apart from the gradient, as
    all of Keras' do."""
    if isinstance(config["learning_rate"], dict):
        return False
    if any(config[limit] for limit in ("clipnorm", "clipvalue", "global_clipnorm")):
        return False
    if config["weight_decay"] and config["name"] != "adam_w":
        return False
    if config["name"] in ("lion", "nadam"):
        return False
    return config["name"] not in ("adagrad", "rm_sprop", "adamax") or config["epsilon"] == 0


def stepper(config, parameters):
    """A function that takes one step with the gradients in `parameters`."""
    optimizer = _OPTIMIZERS[config["name"]](config, parameters)
    steps = 0

    def step():
        nonlocal steps
        steps += 1
        if config["name"] in ("adam", "adam_w"):
            # PyTorch adds epsilon after the correction of the second moment's bias, Keras before.
            for group in optimizer.param_groups:
                group["eps"] = config["epsilon"] / math.sqrt(1 - config["beta_2"] ** steps)
        optimizer.step()

    return step


def _sgd(config, parameters):
    return torch.optim.SGD(
        parameters, config["learning_rate"], momentum=config["momentum"], nesterov=config["nesterov"]
    )


def _adagrad(config, parameters):
    return torch.optim.Adagrad(
        parameters,
        config["learning_rate"],
        initial_accumulator_value=config["initial_accumulator_value"],
        eps=config["epsilon"],
    )


def _rmsprop(config, parameters):
    return torch.optim.RMSprop(
        parameters,
        config["learning_rate"],
        alpha=config["rho"],
        eps=config["epsilon"],
        momentum=config["momentum"],
        centered=config["centered"],
    )


def _adam(config, parameters):
    return torch.optim.Adam(
        parameters,
        config["learning_rate"],
        betas=(config["beta_1"], config["beta_2"]),
        amsgrad=config["amsgrad"],
    )


def _adamw(config, parameters):
    return torch.optim.AdamW(
        parameters,
        config["learning_rate"],
        betas=(config["beta_1"], config["beta_2"]),
        weight_decay=config["weight_decay"],
        amsgrad=config["amsgrad"],
    )


def _adamax(config, parameters):
    return torch.optim.Adamax(
        parameters, config["learning_rate"], betas=(config["beta_1"], config["beta_2"]), eps=config["epsilon"]
    )


def _adadelta(config, parameters):
    return torch.optim.Adadelta(
        parameters, config["learning_rate"], rho=config["rho"], eps=config["epsilon"]
    )


_OPTIMIZERS = {
    "adadelta": _adadelta,
    "sgd": _sgd,
    "adagrad": _adagrad,
    "rm_sprop": _rmsprop,
    "adam": _adam,
    "adam_w": _adamw,
    "adamax": _adamax,
}
