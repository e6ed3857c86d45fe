"""Twenty steps of each optimiser on a straight line's error, each with the gradient of its own mini-batch."""

import numpy as np
import torch
from keras import Variable, optimizers

import torch_optimizers
from agreement import check_agreement
from precision import described, precision
from vector_file import VectorFile, normal, random_for

STEPS = 20
EXAMPLES = 16


def cases():
    """(name, optimiser factory)"""
    yield "sgd", lambda: optimizers.SGD(learning_rate=0.1)
    yield "momentum", lambda: optimizers.SGD(learning_rate=0.05, momentum=0.9)
    yield "nesterov", lambda: optimizers.SGD(learning_rate=0.05, momentum=0.9, nesterov=True)
    yield "adagrad", lambda: optimizers.Adagrad(learning_rate=0.5)
    yield "rmsprop", lambda: optimizers.RMSprop(learning_rate=0.1)
    yield "adam", lambda: optimizers.Adam(learning_rate=0.2)
    yield "adamw", lambda: optimizers.AdamW(learning_rate=0.2)


def write():
    files = VectorFile("keras", "path"), VectorFile("torch", "path")
    for name, make in cases():
        with precision("float64"):
            config = make().get_config()
        for batch in (1, 4, EXAMPLES):
            case = f"{name}-batch-{batch}"
            for file in files:
                problem = _problem(random_for("path", file.reference, case), batch)
                by_keras = _by_keras(make, **problem)
                by_torch = None
                if torch_optimizers.agrees_with_keras(config):
                    by_torch = _by_torch(config, **problem)
                    check_agreement(case, by_keras, by_torch)
                result = by_keras if file.reference == "keras" else by_torch
                if result is not None:
                    file.add(case, {"optimizer": described(make, optimizers.serialize)}, problem | result)
    for file in files:
        file.write()


def _problem(random, batch):
    """Examples (x, y), where the path starts, and the examples' numbers in each step's batch."""
    epochs = [random.permutation(EXAMPLES) for _ in range(STEPS * batch // EXAMPLES + 1)]
    return {
        "examples": normal(random, (EXAMPLES, 2)),
        "start": normal(random, 2, scale=2.0),
        "batches": np.concatenate(epochs)[: STEPS * batch].reshape(STEPS, batch),
    }


def _gradient(parameters, examples, batch):
    x, y = examples[batch].T
    error = parameters[0] * x + parameters[1] - y
    return np.array([2 * (error * x).mean(), 2 * error.mean()])


def _by_keras(make, examples, start, batches):
    with precision("float64"):
        optimizer = make()
        variable = Variable(start)
        optimizer.build([variable])
        values = []
        for batch in batches:
            gradient = _gradient(variable.numpy(), examples, batch)
            optimizer.apply([torch.tensor(gradient)])
            values.append(variable.numpy().copy())
    return {"values": np.stack(values)}


def _by_torch(config, examples, start, batches):
    """With the gradient that PyTorch derives from the loss."""
    parameter = torch.tensor(start, requires_grad=True)
    step = torch_optimizers.stepper(config, [parameter])
    examples = torch.tensor(examples)
    values = []
    for batch in batches:
        x, y = examples[torch.tensor(batch)].T
        parameter.grad = None
        ((parameter[0] * x + parameter[1] - y) ** 2).mean().backward()
        step()
        values.append(parameter.detach().numpy().copy())
    return {"values": np.stack(values)}
