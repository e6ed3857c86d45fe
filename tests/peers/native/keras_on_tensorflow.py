"""Keras on TensorFlow, with `train_on_batch` and `predict_on_batch`."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy
import tensorflow

tensorflow.config.threading.set_intra_op_parallelism_threads(1)
tensorflow.config.threading.set_inter_op_parallelism_threads(1)


class Peer:
    def __init__(self, description, optimizer, tensors):
        self.x = tensors["examples/x"]
        self.labels = tensors["examples/labels"].astype(numpy.int32)
        self.model = keras.Sequential.from_config(description["config"])
        for layer in self.model.layers:
            if layer.weights:
                layer.set_weights([tensors[f"{layer.name}/{part}"] for part in ("kernel", "bias")])
        self.parameters = self.model.count_params()
        self.model.compile(optimizer=keras.optimizers.SGD(**optimizer), loss="sparse_categorical_crossentropy")

    def train(self):
        return self.model.train_on_batch(self.x, self.labels)

    def infer(self):
        return self.model.predict_on_batch(self.x)
