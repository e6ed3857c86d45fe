"""Every layer: output, gradients of the input and of the parameters, state after the step."""

import keras
import numpy as np
import torch
from keras import layers

import torch_layers
from agreement import check_agreement
from kinks import Kinks
from precision import described, precision
from vector_file import VectorFile, normal, random_for

# In single layers the input is exact, so only a layer's own rounding has to stay away from kinks.
KINK_DISTANCE = 1e-4

# Weights that no gradient trains.
STATISTICS = ("moving_mean", "moving_variance", "mean", "variance", "count")


def cases():
    """(name, layer factory, input shape, training), each computed for one example and for seven."""

    def case(name, layer, shape, training=True):
        yield name, layer, shape, training

    def conv(name, shape, *arguments, **options):
        yield from case(f"conv2d-{name}", lambda: layers.Conv2D(*arguments, **options), shape)

    yield from conv("valid", (7, 6, 3), 4, 3)
    yield from conv("same", (7, 6, 3), 4, 3, padding="same")
    yield from conv("same-even-kernel", (5, 8, 2), 3, (2, 4), padding="same")
    yield from conv("same-stride-2", (9, 8, 2), 5, 3, strides=2, padding="same")
    yield from conv("valid-stride-2-3", (9, 11, 2), 3, (3, 2), strides=(2, 3))
    yield from conv("stride-3-over-kernel-2", (8, 10, 2), 3, 2, strides=3, padding="same")
    yield from conv("kernel-5-larger-than-half", (6, 5, 1), 6, 5, padding="same")
    yield from conv("kernel-as-large-as-input", (5, 5, 3), 7, 5)
    yield from conv("1x1", (4, 5, 6), 9, 1)
    yield from conv("1x1-stride-2", (5, 6, 4), 3, 1, strides=2)
    yield from conv("without-bias", (6, 7, 3), 5, 3, use_bias=False)
    yield from conv("groups-2", (6, 5, 4), 6, 3, groups=2)
    yield from conv("groups-2-same-stride-2", (7, 7, 4), 4, 3, groups=2, strides=2, padding="same")
    yield from conv("depthwise", (5, 6, 5), 5, 3, groups=5, padding="same", use_bias=False)
    yield from conv("many-filters", (5, 5, 2), 37, 3, padding="same")
    yield from conv("many-channels", (4, 4, 19), 13, 3)
    yield from conv("one-channel-image", (9, 10, 1), 3, 5)
    for activation in torch_layers.SHIPPED_ACTIVATIONS:
        yield from conv(activation, (6, 5, 2), 5, 3, padding="same", activation=activation)

    for kind, layer in ("max", layers.MaxPooling2D), ("average", layers.AveragePooling2D):

        def pool(name, shape, *arguments, layer=layer, **options):
            yield from case(f"{kind}-pooling2d-{name}", lambda: layer(*arguments, **options), shape)

        yield from pool("valid", (6, 8, 3), 2)
        yield from pool("valid-odd-size", (7, 5, 2), 2)
        yield from pool("same-odd-size", (7, 5, 2), 2, padding="same")
        yield from pool("overlapping", (9, 7, 2), 3, strides=2)
        yield from pool("overlapping-same", (9, 7, 2), 3, strides=2, padding="same")
        yield from pool("overlapping-same-even-size", (8, 6, 3), 3, strides=2, padding="same")
        yield from pool("stride-1-same", (5, 6, 2), 3, strides=1, padding="same")
        yield from pool("rectangular", (7, 9, 2), (3, 2), strides=(2, 3))
        yield from pool("rectangular-same", (7, 8, 2), (2, 3), strides=(1, 2), padding="same")
        yield from pool("gaps", (8, 9, 2), 2, strides=3)

    yield from case("global-average-pooling2d", layers.GlobalAveragePooling2D, (5, 7, 6))
    yield from case(
        "global-average-pooling2d-keepdims", lambda: layers.GlobalAveragePooling2D(keepdims=True), (3, 4, 5)
    )
    yield from case("flatten", layers.Flatten, (4, 3, 5))
    yield from case("flatten-vector", layers.Flatten, (11,))

    yield from case("dense", lambda: layers.Dense(7), (13,))
    yield from case("dense-one-unit", lambda: layers.Dense(1), (9,))
    yield from case("dense-without-bias", lambda: layers.Dense(10, use_bias=False), (17,))
    yield from case("dense-wide", lambda: layers.Dense(21), (67,))
    for activation in torch_layers.SHIPPED_ACTIVATIONS:
        yield from case(f"dense-{activation}", lambda: layers.Dense(11, activation=activation), (8,))
        yield from case(f"activation-{activation}", lambda: layers.Activation(activation), (4, 3, 5))
        yield from case(f"activation-{activation}-vector", lambda: layers.Activation(activation), (10,))

    for name, layer in {
        "relu": layers.ReLU,
        "leaky-relu": layers.LeakyReLU,
        "leaky-relu-slope": lambda: layers.LeakyReLU(negative_slope=0.05),
        "elu": layers.ELU,
        "softmax": layers.Softmax,
    }.items():
        yield from case(f"layer-{name}", layer, (3, 2, 4))

    yield from case("dropout-inference", lambda: layers.Dropout(0.4), (5, 4, 3), training=False)
    yield from case("dropout-rate-0", lambda: layers.Dropout(0.0), (12,))

    for training in True, False:
        suffix = "training" if training else "inference"

        def norm(name, shape, **options):
            yield from case(
                f"batch-normalization{name}-{suffix}",
                lambda: layers.BatchNormalization(**options),
                shape,
                training,
            )

        yield from norm("", (4, 5, 6))
        yield from norm("-vector", (9,))
        yield from norm("-momentum-epsilon", (5, 3, 3), momentum=0.7, epsilon=0.05)
        yield from norm("-without-scale", (3, 4, 2), scale=False)
        yield from norm("-without-center", (3, 4, 2), center=False)

    def depthwise(name, shape, *arguments, **options):
        yield from case(f"depthwise-conv2d-{name}", lambda: layers.DepthwiseConv2D(*arguments, **options), shape)

    yield from depthwise("valid", (4, 5, 3), 3)
    yield from depthwise("same-multiplier-2", (4, 3, 2), (2, 3), padding="same", depth_multiplier=2)
    yield from depthwise("same-stride-2", (5, 4, 2), 3, strides=2, padding="same", activation="relu")
    yield from depthwise("multiplier-3-without-bias", (4, 3, 2), 2, depth_multiplier=3, use_bias=False)


def write():
    write_cases(cases(), "layer")


def write_cases(cases, file_name):
    """Computes (name, layer factory, input shape, training), each for one example and for seven."""
    keras_file, torch_file = VectorFile("keras", "layer", file_name), VectorFile("torch", "layer", file_name)
    for number, (name, make, shape, training) in enumerate(cases):
        with precision("float64"):
            layer = make()
        batches = (1, 7) if number % 2 else (7, 1)
        for file, batch in zip((keras_file, torch_file), batches):
            if batch == 1 and len(shape) == 1 and training and isinstance(layer, layers.BatchNormalization):
                batch = 5  # The variance of one number is zero.
            tensors = _tensors(file, name, make, (batch, *shape), training)
            if tensors:
                description = {
                    "layer": described(make, keras.layers.serialize),
                    "input_shape": shape,
                    "batch": batch,
                    "training": training,
                }
                file.add(name, description, tensors)
    keras_file.write()
    torch_file.write()


def _tensors(file, name, make, shape, training):
    """The tensors of one case by `file.reference`, which the other reference has confirmed."""
    for attempt in range(100):
        random = random_for(file.reference, name, attempt)
        with precision("float64"):
            layer = make()
            layer.build((None, *shape[1:]))
            for weight in layer.weights:
                weight.assign(_initial(random, weight))
            if isinstance(layer, layers.Normalization):
                layer.finalize_state()  # It works on copies of its weights.
            initial = {weight.name: weight.numpy() for weight in layer.weights}
            kinks = Kinks([layer])
            x = normal(random, shape)
            output_gradient = normal(random, layer.compute_output_shape(shape))
            by_keras = _by_keras(layer, x, output_gradient, training)
        if kinks.distance > KINK_DISTANCE:
            break
    else:
        raise ValueError(f"{name}: a kink in every attempt")
    inputs = {"input": x, "output_gradient": output_gradient} | {
        f"parameter/{k}": v for k, v in initial.items()
    }
    if not torch_layers.has(layer):
        return inputs | by_keras if file.reference == "keras" else None
    # A bare `layer.call` was watched above; the configuration needs an unwatched layer.
    with precision("float64"):
        by_torch = _by_torch(make(), initial, x, output_gradient, training)
    defined_alike = torch_layers.agrees_with_keras(layer, shape[1:])
    if file.reference == "keras" and not defined_alike:
        return None
    if defined_alike:
        check_agreement(name, by_keras, by_torch)
    return inputs | (by_keras if file.reference == "keras" else by_torch)


def _initial(random, weight):
    if weight.name in ("moving_variance", "variance", "gamma"):
        return random.uniform(0.5, 1.5, weight.shape).astype(np.float32)
    if weight.name == "count":
        return 60
    fan_in = np.prod(weight.shape[:-1]) if weight.name.endswith("kernel") else 4
    return normal(random, weight.shape, scale=fan_in**-0.5)


def _by_keras(layer, x, output_gradient, training):
    x = torch.tensor(x, requires_grad=True)
    # RandomBrightness adds to its input in place.
    output = layer(x.clone(), training=training)
    output.backward(torch.tensor(output_gradient))
    tensors = {"output": output.detach(), "input_gradient": x.grad}
    tensors |= {f"gradient/{weight.name}": weight.value.grad for weight in layer.trainable_weights}
    return tensors | {f"state/{weight.name}": weight.numpy() for weight in layer.non_trainable_weights}


def _by_torch(layer, initial, x, output_gradient, training):
    x = torch.tensor(x, requires_grad=True)
    weights = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=name not in STATISTICS)
        for name, value in initial.items()
    }
    output = torch_layers.forward(layer, weights, x, training)
    output.backward(torch.tensor(output_gradient))
    tensors = {"output": output.detach(), "input_gradient": x.grad}
    for name, weight in weights.items():
        if weight.requires_grad:
            tensors[f"gradient/{name}"] = weight.grad
        elif not (training and name == "moving_variance"):
            # PyTorch's running variance divides by n − 1, Keras' by n.
            tensors[f"state/{name}"] = weight
    return tensors
