"""Switches Keras between what it writes (float32) and what the references are computed in (float64)."""

from contextlib import contextmanager

import keras
from keras.src.backend.common import dtypes

# Outside TensorFlow Keras computes means, products and losses of float64 tensors in float32, as JAX does
# by default. References need every digit.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"


@contextmanager
def precision(name):
    """Keras as it starts, with automatic names counted from zero, in the data type `name`."""
    keras.utils.clear_session(free_memory=False)
    before = keras.config.floatx()
    keras.config.set_floatx(name)
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(before)


def described(make, serialize):
    """What Keras writes for the object that `make` returns, at Keras' own default precision."""
    with precision("float32"):
        return serialize(make())
