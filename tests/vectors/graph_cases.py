"""Whole networks that are no plain list of layers, for ten training steps."""

import keras
from keras import layers, losses, optimizers

from graphs import as_keras_2
from network_cases import CLASSES, Case, write_cases


def cases():
    both, keras_only = ("keras", "torch"), ("keras",)
    sparse = losses.SparseCategoricalCrossentropy
    # PyTorch's running variance is another one.
    yield Case(
        "residual-batch-normalization",
        keras_only,
        lambda: residual(normalized=True),
        lambda: optimizers.SGD(0.05, momentum=0.9),
        sparse,
        False,
    )
    yield Case("residual", both, residual, lambda: optimizers.Adam(0.003), sparse, False)
    yield Case(
        "inception", both, inception, lambda: optimizers.SGD(0.05), losses.CategoricalCrossentropy, True
    )
    yield Case(
        "inception-keras-2",
        keras_only,
        inception,
        lambda: optimizers.Adam(0.003),
        sparse,
        False,
        as_keras_2,
    )
    yield Case("models-in-models", both, models_in_models, lambda: optimizers.Adam(0.003), sparse, False)
    yield Case("model-in-sequential", both, model_in_sequential, lambda: optimizers.SGD(0.1), sparse, False)
    yield Case("chain", both, chain, lambda: optimizers.Adam(0.003), sparse, False)
    yield Case("merging", both, merging, lambda: optimizers.SGD(0.1), losses.CategoricalCrossentropy, True)
    yield Case(
        "squeeze-and-excitation", both, squeeze_and_excitation, lambda: optimizers.SGD(0.1), sparse, False
    )


def residual(normalized=False):
    """A stem whose pooling is its only reader, a block with a projection and one without."""

    def convolution(x, filters, size, strides=1, activation=None):
        x = layers.Conv2D(filters, size, strides, padding="same", use_bias=not normalized)(x)
        if normalized:
            x = layers.BatchNormalization(momentum=0.9)(x)
        return layers.Activation(activation)(x) if activation else x

    image = keras.Input((12, 10, 1))
    x = layers.Conv2D(4, 3, padding="same")(image)
    x = layers.MaxPooling2D(2)(x)
    y = convolution(x, 6, 3, 2, activation="relu")
    y = convolution(y, 6, 3)
    x = layers.Add()([convolution(x, 6, 1, 2), y])
    x = layers.Activation("elu")(x)
    y = convolution(x, 6, 3, activation="tanh")
    y = convolution(y, 6, 3)
    x = layers.Add()([x, y])
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(CLASSES, activation="softmax")(x))


def inception():
    """All four branches read one convolution, one by max pooling, which therefore is not its only reader."""
    image = keras.Input((9, 8, 2))
    x = layers.Conv2D(5, 3, padding="same", activation="relu")(image)
    one = layers.Conv2D(3, 1, activation="relu")(x)
    three = layers.Conv2D(2, 1, activation="elu")(x)
    three = layers.Conv2D(4, 3, padding="same", activation="relu")(three)
    five = layers.Conv2D(2, 1, activation="elu")(x)
    five = layers.Conv2D(2, 5, padding="same")(five)
    pooled = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    pooled = layers.Conv2D(3, 1, activation="tanh")(pooled)
    x = layers.Concatenate()([one, three, five, pooled])
    x = layers.AveragePooling2D(2)(x)
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(CLASSES, activation="softmax")(x))


def block(shape, filters, name):
    """A block of its own, with a Sequential model in it.

    Keras' optimisers confuse variables of the same path, which does not begin with the block's name.
    """
    image = keras.Input(shape)
    body = keras.Sequential(
        [
            layers.Conv2D(filters, 3, padding="same", activation="tanh"),
            layers.Conv2D(filters, 3, padding="same"),
        ],
        name=f"{name}_body",
    )
    x = layers.Add()([body(image), layers.Conv2D(filters, 1, name=f"{name}_projection")(image)])
    return keras.Model(image, layers.Activation("elu")(x), name=name)


def models_in_models():
    image = keras.Input((8, 8, 2))
    stem = keras.Sequential(
        [keras.Input((8, 8, 2)), layers.Conv2D(4, 3, activation="tanh"), layers.AveragePooling2D(2)],
        name="stem",
    )
    x = stem(image)
    x = block((3, 3, 4), 5, "first")(x)
    y = block((3, 3, 5), 5, "second")(x)
    x = layers.Concatenate(axis=3)([x, y])
    x = layers.Flatten()(x)
    head = keras.Sequential(
        [layers.Dense(7, activation="tanh"), layers.Dense(CLASSES, activation="softmax")], name="head"
    )
    return keras.Model(image, head(x))


def model_in_sequential():
    return keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(3, 3, activation="tanh"),
            block((4, 4, 3), 4, "block"),
            layers.Flatten(),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def chain():
    image = keras.Input((9, 9, 1))
    x = layers.Conv2D(4, 3)(image)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Dropout(0.0)(x)
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(CLASSES, activation="softmax")(x))


def merging():
    """Every way of merging; the input has two readers, and one layer reads another twice."""
    vector = keras.Input((6,))
    one = layers.Dense(5, activation="tanh")(vector)
    two = layers.Dense(5, activation="sigmoid")(vector)
    three = layers.Dense(5)(one)
    parts = [
        layers.Subtract()([one, two]),
        layers.Multiply()([one, two, three]),
        layers.Average()([one, two, three]),
        layers.Maximum()([one, three]),
        layers.Minimum()([one, two, three]),
        layers.Add()([one, one]),
        layers.Concatenate()([vector, three]),
    ]
    x = layers.Concatenate()(parts)
    return keras.Model(vector, layers.Dense(CLASSES, activation="softmax")(x))


def squeeze_and_excitation():
    """A factor a channel and one a pixel (Hu, Shen, Sun 2018)."""
    image = keras.Input((7, 6, 2))
    x = layers.Conv2D(5, 3, activation="tanh")(image)
    channels = layers.GlobalAveragePooling2D(keepdims=True)(x)
    channels = layers.Conv2D(3, 1, activation="elu")(channels)
    channels = layers.Conv2D(5, 1, activation="sigmoid")(channels)
    pixels = layers.Conv2D(1, 1, activation="sigmoid")(x)
    x = layers.Multiply()([x, channels, pixels])
    x = layers.Flatten()(x)
    return keras.Model(image, layers.Dense(CLASSES, activation="softmax")(x))


def operators():
    """Sums of Python's operators, which Keras writes as its functions rather than as layers."""
    image = keras.Input((8, 8, 1))
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
    x = x + layers.Conv2D(4, 1)(x)
    x = layers.Dropout(0.2)(x * x)
    return keras.Model(image, layers.Dense(CLASSES)(layers.Flatten()(x)))


def frozen_base():
    """As transfer learning is taught: a model in another that is called as outside of training."""
    base = block((8, 8, 1), 4, "base")
    base.trainable = False
    image = keras.Input((8, 8, 1))
    x = layers.GlobalAveragePooling2D()(base(image, training=False))
    return keras.Model(inputs=[image], outputs=[layers.Dense(CLASSES)(x)])


def shared_layer():
    image = keras.Input((8, 8, 3))
    convolution = layers.Conv2D(3, 3, padding="same", name="convolution")
    return keras.Model(image, convolution(convolution(image)))


def two_inputs():
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    return keras.Model([one, two], layers.Add()([one, two]))


def two_outputs():
    vector = keras.Input((4,))
    return keras.Model(vector, [layers.Dense(2, name="one")(vector), layers.Dense(3, name="two")(vector)])


def number():
    vector = keras.Input((4,))
    return keras.Model(vector, layers.Dense(2)(vector * 2.0))


# What Keras writes for these is part of the tests of the reader: see keras_json.py.
MODELS = {
    "residual": lambda: residual(normalized=True),
    "inception": inception,
    "models-in-models": models_in_models,
    "model-in-sequential": model_in_sequential,
    "operators": operators,
    "frozen-base": frozen_base,
    "unsupported-shared-layer": shared_layer,
    "unsupported-two-inputs": two_inputs,
    "unsupported-two-outputs": two_outputs,
    "unsupported-number": number,
}


def write():
    write_cases("graph", cases())
