"""What Keras writes for models, optimisers and losses, byte for byte, for the tests of the configuration reader.

Names that begin with `unsupported-` must be refused with an error that names the value; all others must be read.
"""

import json

import keras
from keras import constraints, initializers, layers, losses, optimizers, regularizers

import function_layer_cases
import graph_cases
from precision import precision
from vector_file import HERE

DIRECTORY = HERE / "keras-json"


def lenet5():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ],
        name="lenet5",
    )


def mnist_example():
    """The network of https://keras.io/examples/vision/mnist_convnet/, compiled as there."""
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def every_layer():
    return keras.Sequential(
        [
            layers.InputLayer(batch_shape=(None, 32, 30, 3), name="picture"),
            layers.Conv2D(8, (3, 5), strides=(2, 1), padding="same", use_bias=False, name="stem"),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, scale=False, name="norm"),
            layers.Activation("leaky_relu", name="corner"),
            layers.AveragePooling2D((3, 2), strides=(2, 1), padding="same"),
            layers.Conv2D(12, 3, groups=4, activation="elu"),
            layers.MaxPooling2D(3, strides=2),
            layers.Dropout(0.25, seed=7),
            layers.GlobalAveragePooling2D(keepdims=True),
            layers.Flatten(),
            layers.Dense(16, activation="sigmoid"),
            layers.Dense(4),
        ],
        name="every_layer",
    )


def initializers_and_regularizers():
    model = keras.Sequential([keras.Input((9,))], name="initializers_and_regularizers")
    for name in (
        "GlorotUniform",
        "GlorotNormal",
        "HeUniform",
        "HeNormal",
        "LecunUniform",
        "LecunNormal",
        "Zeros",
        "Ones",
    ):
        model.add(layers.Dense(3, kernel_initializer=name, bias_initializer="ones"))
    for regularizer in regularizers.L1(0.01), regularizers.L2(0.02), regularizers.L1L2(0.003, 0.004), "l2":
        model.add(
            layers.Dense(3, kernel_initializer=initializers.HeNormal(seed=3), kernel_regularizer=regularizer)
        )
    return model


def built_later():
    """Without an Input, built by a call to `build`."""
    model = keras.Sequential([layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.build((None, 12, 12, 1))
    return model


def fixed_batch():
    return keras.Sequential([keras.Input(batch_shape=(32, 8, 8, 1)), layers.Flatten(), layers.Dense(2)])


def dtypes_spelled_out():
    return keras.Sequential(
        [
            keras.Input((4,), dtype="float32"),
            layers.Dense(3, dtype="float32"),
            layers.Activation("relu", dtype=keras.DTypePolicy("float32")),
        ]
    )


def functions_and_random_layers():
    """What the shipped models do without: functions, normalising and random layers, constraints."""
    constrained = {"kernel_constraint": constraints.MaxNorm(3.0), "bias_constraint": constraints.NonNeg()}
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, (-0.2, 0.1), fill_mode="nearest"),
            layers.RandomRotation(0.1, fill_mode="constant", fill_value=0.5),
            layers.RandomZoom(0.2, interpolation="nearest"),
            layers.RandomContrast(0.2, value_range=(0, 1)),
            layers.RandomBrightness((-0.1, 0.2), value_range=(0, 1)),
            layers.RandomCrop(12, 12),
            layers.GaussianNoise(0.1, seed=3),
            layers.Conv2D(4, 3, activation="gelu", **constrained),
            function_layer_cases.LocalResponseNormalization(2, beta=0.75),
            layers.SpatialDropout2D(0.2),
            layers.DepthwiseConv2D(3, activation="hard_silu", depthwise_constraint="unit_norm"),
            layers.LayerNormalization(gamma_constraint=constraints.MinMaxNorm(0.5, 2.0)),
            layers.PReLU(shared_axes=[1, 2]),
            layers.ReLU(max_value=6, negative_slope=0.1, threshold=0.5),
            layers.Activation(keras.activations.mish),
            layers.Flatten(),
            layers.GaussianDropout(0.1),
            layers.Dense(8, activation="selu"),
            layers.AlphaDropout(0.1),
            layers.UnitNormalization(),
            layers.Dense(4, activation="log_softmax"),
        ],
        name="functions_and_random_layers",
    )


def unsupported(*stack, shape=(8, 8, 3)):
    return lambda: keras.Sequential([keras.Input(shape), *(make() for make in stack)])


def reshaping_and_scaling():
    return keras.Sequential(
        [
            keras.Input((24, 20, 3)),
            layers.Rescaling(1 / 255, offset=-0.5),
            layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0]),
            layers.ZeroPadding2D(((1, 2), (0, 3))),
            layers.Conv2D(4, 3, dilation_rate=2, activation="relu"),
            layers.DepthwiseConv2D(3, dilation_rate=(2, 1), padding="same"),
            layers.SeparableConv2D(6, 3, strides=2, padding="same", depth_multiplier=2),
            layers.Conv2DTranspose(5, 3, strides=2, padding="same", activation="relu"),
            layers.Cropping2D((1, 2)),
            layers.UpSampling2D(2, interpolation="bilinear"),
            layers.Permute((2, 1, 3)),
            layers.GlobalMaxPooling2D(keepdims=True),
            layers.Reshape((5, -1)),
            layers.Normalization(),
            layers.Flatten(),
            layers.Dense(3),
        ],
        name="reshaping_and_scaling",
    )


def sequences():
    return keras.Sequential(
        [
            keras.Input((64, 3)),
            layers.Conv1D(8, 5, padding="causal", dilation_rate=2, activation="relu"),
            layers.MaxPooling1D(),
            layers.Conv1D(8, 3, strides=2, padding="same", groups=2),
            layers.BatchNormalization(),
            layers.AveragePooling1D(3, strides=2, padding="same"),
            layers.GlobalAveragePooling1D(keepdims=True),
            layers.GlobalMaxPooling1D(),
            layers.Dense(2, activation="softmax"),
        ],
        name="sequences",
    )


def first_tutorial():
    """The network of https://www.tensorflow.org/tutorials/quickstart/beginner."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10),
        ]
    )


MODELS = {
    "lenet5": lenet5,
    "mnist-example": mnist_example,
    "every-layer": every_layer,
    "initializers-and-regularizers": initializers_and_regularizers,
    "built-later": built_later,
    "fixed-batch": fixed_batch,
    "dtypes-spelled-out": dtypes_spelled_out,
    "reshaping-and-scaling": reshaping_and_scaling,
    "sequences": sequences,
    "first-tutorial": first_tutorial,
    "functions-and-random-layers": functions_and_random_layers,
    "unsupported-activation": unsupported(lambda: layers.Dense(3, activation="sparsemax"), shape=(4,)),
    "unsupported-channels-first": unsupported(lambda: layers.Conv2D(3, 3, data_format="channels_first")),
    "unsupported-initializer": unsupported(
        lambda: layers.Dense(3, kernel_initializer="orthogonal"), shape=(4,)
    ),
    "unsupported-layer": unsupported(lambda: layers.LSTM(3), shape=(8, 3)),
    "unsupported-regularizer": unsupported(
        lambda: layers.Dense(3, kernel_regularizer="orthogonal_regularizer"), shape=(4,)
    ),
}

OPTIMIZERS = {
    "sgd": optimizers.SGD,
    "sgd-nesterov": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "sgd-clipped": lambda: optimizers.SGD(clipnorm=1.0, weight_decay=0.01),
    "adagrad": optimizers.Adagrad,
    "rmsprop": optimizers.RMSprop,
    "rmsprop-centered": lambda: optimizers.RMSprop(0.002, rho=0.8, momentum=0.5, centered=True),
    "adam": optimizers.Adam,
    "adamw": optimizers.AdamW,
    "adadelta": optimizers.Adadelta,
    "adamax": optimizers.Adamax,
    "lion": optimizers.Lion,
    "nadam-piecewise": lambda: optimizers.Nadam(
        optimizers.schedules.PiecewiseConstantDecay([10, 20], [0.1, 0.02, 0.003])
    ),
    "sgd-warm-up": lambda: optimizers.SGD(
        optimizers.schedules.CosineDecay(0.0, 100, warmup_target=0.1, warmup_steps=10)
    ),
    "sgd-exponential-decay": lambda: optimizers.SGD(optimizers.schedules.ExponentialDecay(0.1, 100, 0.9)),
    "unsupported-optimizer": optimizers.Ftrl,
    "unsupported-moving-average": lambda: optimizers.Adam(use_ema=True),
}

LOSSES = {
    "sparse-categorical-crossentropy": losses.SparseCategoricalCrossentropy,
    "sparse-categorical-crossentropy-from-logits": lambda: losses.SparseCategoricalCrossentropy(
        from_logits=True
    ),
    "categorical-crossentropy": losses.CategoricalCrossentropy,
    "mean-squared-error": losses.MeanSquaredError,
    "categorical-crossentropy-label-smoothing": lambda: losses.CategoricalCrossentropy(label_smoothing=0.1),
    "binary-crossentropy-from-logits": lambda: losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
    "hinge": losses.Hinge,
    "huber": losses.Huber,
    "kl-divergence": losses.KLDivergence,
    "mean-absolute-error": losses.MeanAbsoluteError,
    "poisson": losses.Poisson,
    "unsupported-loss": losses.Dice,
    "unsupported-reduction": lambda: losses.MeanSquaredError(reduction="sum"),
}


def write():
    def save(kind, name, text):
        path = DIRECTORY / kind / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")

    models = MODELS | graph_cases.MODELS
    for name, make in models.items():
        with precision("float32"):
            save("models", name, make().to_json())
    for kind, makers, serialize in (
        ("optimizers", OPTIMIZERS, optimizers.serialize),
        ("losses", LOSSES, losses.serialize),
    ):
        for name, make in makers.items():
            with precision("float32"):
                save(kind, name, json.dumps(serialize(make())))
    print(f"{DIRECTORY.name}: {len(models)} models, {len(OPTIMIZERS)} optimisers, {len(LOSSES)} losses")
