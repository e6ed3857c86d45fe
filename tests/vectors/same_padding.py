"""Keras' `padding="same"` as explicit numbers for `torch.nn.functional.pad`."""


def of(spatial_shape, window, strides):
    """(left, right, top, bottom): the odd pixel goes to the right and to the bottom."""
    pads = []
    for size, length, stride in reversed(list(zip(spatial_shape, window, strides))):
        outputs = -(-size // stride)
        total = max(0, (outputs - 1) * stride + length - size)
        pads += [total // 2, total - total // 2]
    return tuple(pads)
