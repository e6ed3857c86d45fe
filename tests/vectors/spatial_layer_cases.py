"""Layers that reshape, slide along sequences or with holes, and scale: as in layer_cases.py."""

from keras import layers

import layer_cases


def cases():
    def case(name, layer, shape, training=True):
        yield name, layer, shape, training

    def kind(prefix, layer):
        def of(name, shape, *arguments, **options):
            yield from case(f"{prefix}-{name}" if name else prefix, lambda: layer(*arguments, **options), shape)

        return of

    conv = kind("conv2d-dilated", layers.Conv2D)
    yield from conv("valid", (8, 7, 3), 4, 3, dilation_rate=2)
    yield from conv("same", (7, 6, 2), 5, (3, 2), dilation_rate=(2, 3), padding="same", activation="tanh")
    yield from conv("one-channel", (7, 8, 1), 3, 3, dilation_rate=3, padding="same", use_bias=False)
    yield from conv("groups-2", (6, 7, 4), 6, 2, dilation_rate=(1, 4), groups=2)
    yield from conv("many-filters", (7, 6, 5), 19, 3, dilation_rate=2, padding="same", activation="relu")

    depthwise = kind("depthwise-conv2d-dilated", layers.DepthwiseConv2D)
    yield from depthwise("same", (6, 7, 3), 3, dilation_rate=2, padding="same", depth_multiplier=2)
    yield from depthwise("valid", (7, 7, 2), (2, 3), dilation_rate=(3, 2))

    separable = kind("separable-conv2d", layers.SeparableConv2D)
    yield from separable("valid", (6, 5, 3), 7, 3)
    yield from separable("same-multiplier-2", (5, 6, 2), 9, (2, 3), padding="same", depth_multiplier=2)
    yield from separable("stride-2-relu", (7, 6, 3), 5, 3, strides=2, padding="same", activation="relu")
    yield from separable("dilated-without-bias", (7, 7, 2), 3, 3, dilation_rate=2, use_bias=False)

    transpose = kind("conv2d-transpose", layers.Conv2DTranspose)
    yield from transpose("valid", (4, 3, 3), 5, 3)
    yield from transpose("same-stride-2", (4, 5, 3), 6, 3, strides=2, padding="same", activation="relu")
    yield from transpose("valid-stride-2", (3, 4, 2), 4, 3, strides=2)
    yield from transpose("even-kernel-stride-2", (3, 4, 5), 3, 2, strides=2, padding="same")
    yield from transpose("rectangular", (4, 3, 2), 3, (3, 5), strides=(3, 2), padding="same")
    yield from transpose("stride-over-kernel", (3, 4, 2), 3, 2, strides=3, use_bias=False)
    yield from transpose("many-channels", (2, 3, 19), 10, 4, strides=2, padding="same")

    conv1d = kind("conv1d", layers.Conv1D)
    yield from conv1d("valid", (9, 3), 4, 3)
    yield from conv1d("same-stride-2", (10, 3), 5, 4, strides=2, padding="same", activation="relu")
    yield from conv1d("causal", (8, 2), 6, 3, padding="causal")
    yield from conv1d("causal-dilated", (11, 3), 4, 2, padding="causal", dilation_rate=4, activation="tanh")
    yield from conv1d("same-dilated", (9, 1), 3, 3, padding="same", dilation_rate=2)
    yield from conv1d("groups-2", (7, 4), 6, 3, groups=2, use_bias=False)
    yield from conv1d("many-filters", (9, 6), 19, 5, padding="same")

    for name, layer in ("max", layers.MaxPooling1D), ("average", layers.AveragePooling1D):
        pool = kind(f"{name}-pooling1d", layer)
        yield from pool("valid", (9, 3), 2)
        yield from pool("same-overlapping", (9, 4), 3, strides=2, padding="same")
        yield from pool("same-even", (8, 4), 3, strides=2, padding="same")
    for name, layer in {
        "global-average-pooling1d": layers.GlobalAveragePooling1D,
        "global-max-pooling1d": layers.GlobalMaxPooling1D,
    }.items():
        yield from kind(name, layer)("", (7, 5))
        yield from kind(name, layer)("keepdims", (4, 3), keepdims=True)
    yield from kind("global-max-pooling2d", layers.GlobalMaxPooling2D)("", (4, 5, 6))
    yield from kind("global-max-pooling2d", layers.GlobalMaxPooling2D)("keepdims", (3, 4, 5), keepdims=True)

    yield from kind("rescaling", layers.Rescaling)("scalar", (4, 3, 2), 1 / 255, offset=-0.5)
    yield from kind("rescaling", layers.Rescaling)("channels", (3, 4, 3), [0.5, -2.0, 3.0], offset=[1.0, 0.0, -1.0])
    normalization = kind("normalization", layers.Normalization)
    yield from normalization("adapted", (3, 4, 3))
    yield from normalization("adapted-sequence", (5, 4))
    yield from normalization("adapted-as-one", (3, 3, 2), axis=None)
    yield from normalization("given", (4, 3, 2), mean=[0.5, -1.0], variance=[2.0, 0.25])
    yield from normalization("given-scalars", (6,), mean=0.3, variance=4.0)
    yield from normalization("inverted", (3, 4, 2), mean=[0.5, -1.0], variance=[2.0, 0.25], invert=True)

    yield from kind("zero-padding2d", layers.ZeroPadding2D)("one", (3, 4, 2))
    yield from kind("zero-padding2d", layers.ZeroPadding2D)("sides", (4, 3, 3), ((1, 2), (0, 3)))
    yield from kind("cropping2d", layers.Cropping2D)("axes", (6, 7, 2), (1, 2))
    yield from kind("cropping2d", layers.Cropping2D)("sides", (6, 5, 3), ((2, 1), (0, 3)))
    sampling = kind("up-sampling2d", layers.UpSampling2D)
    yield from sampling("nearest", (3, 4, 3))
    yield from sampling("nearest-rectangular", (3, 2, 2), (1, 3))
    yield from sampling("bilinear", (4, 3, 3), interpolation="bilinear")
    yield from sampling("bilinear-rectangular", (1, 4, 2), (3, 4), interpolation="bilinear")
    reshape = kind("reshape", layers.Reshape)
    yield from reshape("image", (24,), (2, 3, 4))
    yield from reshape("sequence", (4, 3, 2), (-1, 6))
    yield from reshape("vector", (4, 3, 2), (24,))
    yield from kind("permute", layers.Permute)("image", (4, 3, 2), (3, 1, 2))
    yield from kind("permute", layers.Permute)("sequence", (5, 3), (2, 1))


def write():
    layer_cases.write_cases(cases(), "spatial-layer")
