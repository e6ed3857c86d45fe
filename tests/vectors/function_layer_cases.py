"""Functions, normalising and random layers that the shipped models do without."""

import keras
from keras import layers, ops

import torch_layers
from layer_cases import write_cases

# Of these, no rounding decides on which side of a corner a value falls.
SMOOTH = (
    "exponential",
    "gelu",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "silu",
    "softplus",
    "softsign",
    "squareplus",
    "tanh_shrink",
)


@keras.saving.register_keras_serializable("convscope")
class LocalResponseNormalization(layers.Layer):
    """`tf.nn.local_response_normalization` as a layer."""

    def __init__(self, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, **options):
        super().__init__(**options)
        self.depth_radius, self.bias, self.alpha, self.beta = depth_radius, bias, alpha, beta

    def call(self, x):
        radius, channels = self.depth_radius, x.shape[-1]
        squares = ops.pad(ops.square(x), [[0, 0]] * 3 + [[radius, radius]])
        sums = sum(squares[..., first : first + channels] for first in range(2 * radius + 1))
        return x * (self.bias + self.alpha * sums) ** -self.beta

    def get_config(self):
        own = {name: getattr(self, name) for name in ("depth_radius", "bias", "alpha", "beta")}
        return super().get_config() | own

    def compute_output_shape(self, shape):
        return shape


def cases():
    """(name, layer factory, input shape, training)"""

    def case(name, layer, shape=(5, 4, 3), training=True):
        yield name, layer, shape, training

    for activation in torch_layers.ACTIVATIONS:
        if activation not in torch_layers.SHIPPED_ACTIVATIONS:
            yield from case(f"activation-{activation}", lambda: layers.Activation(activation))
            yield from case(f"activation-{activation}-vector", lambda: layers.Activation(activation), (37,))
    for activation in SMOOTH:
        yield from case(f"dense-{activation}", lambda: layers.Dense(11, activation=activation), (8,))
        yield from case(
            f"conv2d-{activation}",
            lambda: layers.Conv2D(5, 3, padding="same", activation=activation),
            (6, 5, 2),
        )
    for name, options in {
        "max-value": {"max_value": 1.0},
        "six": {"max_value": 6},
        "threshold": {"threshold": 0.5},
        "slope-threshold": {"negative_slope": 0.25, "threshold": 0.5},
        "all": {"negative_slope": 0.1, "threshold": 0.25, "max_value": 1.5},
    }.items():
        yield from case(f"layer-relu-{name}", lambda: layers.ReLU(**options))

    yield from case("prelu", layers.PReLU)
    yield from case("prelu-vector", layers.PReLU, (9,))
    yield from case("prelu-one-a-channel", lambda: layers.PReLU(shared_axes=[1, 2]))
    yield from case("prelu-one-a-row", lambda: layers.PReLU(shared_axes=[2, 3]))
    yield from case("prelu-one", lambda: layers.PReLU(shared_axes=[1, 2, 3]))

    for training in True, False:
        suffix = "training" if training else "inference"
        yield from case(f"layer-normalization-{suffix}", layers.LayerNormalization, (4, 3, 7), training)
    yield from case("layer-normalization-vector", layers.LayerNormalization, (13,))
    yield from case("layer-normalization-epsilon", lambda: layers.LayerNormalization(epsilon=0.1))
    yield from case("layer-normalization-without-scale", lambda: layers.LayerNormalization(scale=False))
    yield from case("layer-normalization-without-center", lambda: layers.LayerNormalization(center=False))
    yield from case("unit-normalization", layers.UnitNormalization)
    yield from case("unit-normalization-vector", layers.UnitNormalization, (9,))
    lrn = LocalResponseNormalization
    yield from case("local-response-normalization", lrn, (3, 4, 13))
    yield from case(
        "local-response-normalization-alexnet", lambda: lrn(2, bias=2.0, alpha=0.5, beta=0.75), (3, 2, 8)
    )
    yield from case("local-response-normalization-radius-0", lambda: lrn(0, alpha=0.3))

    for name, layer in {
        "gaussian-noise": lambda: layers.GaussianNoise(0.5),
        "gaussian-dropout": lambda: layers.GaussianDropout(0.3),
        "alpha-dropout": lambda: layers.AlphaDropout(0.3),
        "spatial-dropout2d": lambda: layers.SpatialDropout2D(0.3),
        "random-flip": layers.RandomFlip,
        "random-rotation": lambda: layers.RandomRotation(0.2),
        "random-translation": lambda: layers.RandomTranslation(0.2, 0.3),
        "random-zoom": lambda: layers.RandomZoom(0.3),
        "random-contrast": lambda: layers.RandomContrast(0.3),
        "random-brightness": lambda: layers.RandomBrightness(0.3),
    }.items():
        yield from case(f"{name}-inference", layer, training=False)

    # A factor from a number to itself leaves nothing to chance.
    for fill in "reflect", "wrap", "constant", "nearest":
        for interpolation in "bilinear", "nearest":
            options = {"fill_mode": fill, "interpolation": interpolation, "fill_value": 0.75}
            suffix = f"{fill}-{interpolation}"
            yield from case(
                f"random-translation-{suffix}",
                lambda: layers.RandomTranslation((0.33, 0.33), (-0.41, -0.41), **options),
                (7, 6, 2),
            )
            yield from case(
                f"random-rotation-{suffix}",
                lambda: layers.RandomRotation((0.07, 0.07), **options),
                (5, 8, 2),
            )
            yield from case(
                f"random-zoom-{suffix}",
                lambda: layers.RandomZoom((0.37, 0.37), (-0.23, -0.23), **options),
                (7, 6, 2),
            )
    yield from case("random-zoom-without-width", lambda: layers.RandomZoom((-0.33, -0.33)))
    yield from case("random-rotation-far", lambda: layers.RandomRotation((-0.61, -0.61)), (6, 6, 1))
    yield from case("random-crop-of-equal-height", lambda: layers.RandomCrop(5, 4), (5, 9, 2))
    ranges = {"value_range": (-1.5, 1.5)}
    yield from case("random-contrast-more", lambda: layers.RandomContrast((-0.4, 0.4), **ranges))
    yield from case("random-contrast-none", lambda: layers.RandomContrast(0.0))
    yield from case("random-brightness", lambda: layers.RandomBrightness((0.2, 0.2), **ranges))


def write():
    write_cases(cases(), "function-layer")
