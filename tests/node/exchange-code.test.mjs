// Keras code as people write it is read back, and what is wrong in it is told with line and column.
import assert from "node:assert/strict";
import { test } from "node:test";
import { graphOf } from "../../web/exchange/graph.js";
import { readKerasCode } from "../../web/exchange/python/keras-code.js";

const classes = (code) => graphOf(readKerasCode(code).config).layers.map(({ className }) => className);
const shapes = (code) => graphOf(readKerasCode(code).config).layers.map(({ outputShape }) => outputShape.join("×"));

test("the example of Keras' own documentation, with all that stands around it", () => {
  const code = `"""
Title: Simple MNIST convnet
"""
import numpy as np
import keras
from keras import layers

# Model / data parameters
num_classes = 10
input_shape = (28, 28, 1)

(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train.astype("float32") / 255
x_train = np.expand_dims(x_train, -1)
print("x_train shape:", x_train.shape)
print(x_train.shape[0], "train samples")
y_train = keras.utils.to_categorical(y_train, num_classes)

model = keras.Sequential(
    [
        keras.Input(shape=input_shape),
        layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
        layers.MaxPooling2D(pool_size=(2, 2)),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(num_classes, activation="softmax"),
    ]
)

model.summary()

batch_size = 128
epochs = 15

model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs, validation_split=0.1)
score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
`;
  const { config, training, fit, ranges } = readKerasCode(code);
  assert.deepEqual(graphOf(config).layers.map(({ outputShape }) => outputShape.join("×")), ["26×26×32", "13×13×32", "11×11×64", "5×5×64", "1600", "1600", "10"]); // prettier-ignore
  assert.deepEqual(training, { optimizer: "adam", loss: "categorical_crossentropy" });
  assert.deepEqual(fit, { batch_size: 128, epochs: 15, validation_split: 0.1 });
  const lines = code.split("\n");
  for (const { name, line } of ranges.slice(1)) assert.match(lines[line - 1], /layers\.\w+\(/, name);
});

test("aliases, tensorflow.keras, model.add, loops, functions and continued lines", () => {
  assert.deepEqual(
    shapes(
      `from tensorflow.keras.models import Sequential as S
from tensorflow.keras.layers import (Conv2D as C, MaxPool2D as _unused,
                                     Dense, Flatten)
import tensorflow as tf
model = S(name='net')
model.add(C(4, 3, 2, 'same', input_shape=(9, 9, 1)))
for filters in [2, 3]:
    model.add(C(filters, (1, 1)))
for i in range(2): model.add(tf.keras.layers.Dropout(.25 * (i + 1)))
model.add(Flatten()); \\
model.add(Dense(2 ** 3 - 1, use_bias=not True if False else False))
`.replace(", use_bias=not True if False else False", ""),
    ),
    ["5×5×4", "5×5×2", "5×5×3", "5×5×3", "5×5×3", "75", "7"],
  );
});

test("functions that build a graph, with operators and activations between layers", () => {
  const code = `
def block(x, filters=4):
    y = layers.Conv2D(filters, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = keras.activations.relu(y)
    return layers.concatenate([y + x, x * y], axis=-1)

def make_model(classes):
    inputs = keras.Input((6, 6, 4))
    x = block(inputs)
    x = block(x, filters=8)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(classes)(x)
    return keras.Model(inputs=inputs, outputs=outputs)

model = make_model(classes=3)
`;
  assert.deepEqual(classes(code).filter((name) => /Add|Multiply|Concatenate|Activation/.test(name)), ["Activation", "Add", "Multiply", "Concatenate", "Activation", "Add", "Multiply", "Concatenate"]); // prettier-ignore
  assert.equal(shapes(code).at(-1), "3");
});

test("what stands in a notebook besides is passed over, and said where it may matter", () => {
  const { passedOver, config } = readKerasCode(`%matplotlib inline
!pip install keras
import matplotlib.pyplot as plt
@decorated
def show(images, *, columns=3, **rest):
    for ax, image in zip(axes.flat, images): ax.imshow(image)
class Stop(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs["loss"] < 0.1: self.model.stop_training = True
normalise = lambda x, y: (x / 255., y)
files = {path.name: path for path in paths if path.suffix == '.png'}
names = [n.upper() for n in "ab" if n]
with strategy.scope():
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.MaxPool2D(), layers.GlobalAvgPool2D(), layers.Dense(2)])
try:
    model.load_weights(f"{folder}/best.keras")
except (OSError, ValueError) as error:
    raise
if augment:
    model.add(layers.Dense(3))
else:
    model.add(layers.Dense(4))
print(f"accuracy {score[1]:.3f}", *names, sep="\\n")
assert model.output_shape == (None, 3) and 1 <= x < 2
plt.show();
`);
  assert.deepEqual(config.config.layers.map(({ class_name: name }) => name), ["InputLayer", "MaxPooling2D", "GlobalAveragePooling2D", "Dense", "Dense"]); // prettier-ignore
  assert.equal(config.config.layers.at(-1).config.units, 3);
  assert.match(
    passedOver.join("\n"),
    /Line 19: which branch runs is known only then[^]*Line 21: what stands under 'else' was not read/,
  );
});

test("what layers are given besides numbers", () => {
  const { config, training } = readKerasCode(`
from keras import regularizers, initializers
from keras.optimizers import SGD
model = keras.Sequential([
  layers.Dense(3, keras.activations.tanh, kernel_regularizer=regularizers.l2(1e-3), bias_initializer=initializers.Constant(0.1),
    kernel_initializer='he_normal', input_dim=4, trainable=False, name="one"),
])
model.compile(SGD(lr=keras.optimizers.schedules.ExponentialDecay(0.1, 100, decay_rate=.5)), keras.losses.CategoricalCrossentropy(label_smoothing=.1))
`);
  const [, { config: layer }] = config.config.layers;
  assert.equal(layer.activation, "tanh");
  assert.deepEqual(layer.kernel_regularizer, {
    module: "keras.regularizers",
    class_name: "L2",
    config: { l2: 0.001 },
    registered_name: null,
  });
  assert.equal(layer.bias_initializer.class_name, "Constant");
  assert.equal(layer.trainable, false);
  assert.equal(layer.name, "one");
  assert.equal(training.optimizer.config.learning_rate.class_name, "ExponentialDecay");
  assert.equal(training.loss.config.label_smoothing, 0.1);
});

test("what is wrong is told with its line and column", () => {
  const model = (line) => `model = keras.Sequential([\n    keras.Input((8, 8, 1)),\n    ${line}\n])\n`;
  for (const [code, line, column, words] of [
    [model('layers.Conv2D(4, 3, activaton="relu")'), 3, 35, /Conv2D has no argument activaton/],
    [model("layers.Conv3D(4, 3)"), 3, 5, /class Conv3D are not known/],
    [model("layers.Conv2D(4)"), 3, 5, /Conv2D needs kernel_size/],
    [model("layers.Conv2D(n, 3)"), 3, 19, /filters: its value is known only when the code runs/],
    [model("layers.Conv2D(4, 9)"), 3, 5, /layer conv2d \(Conv2D\): nothing is left of the input/],
    [model("layers.Flatten(), layers.Conv2D(4, 2)"), 3, 23, /needs an input of 3 axes/],
    [model("layers.Dense(4, 'relu', units=3)"), 3, 35, /units is given twice/],
    [model("layers.Lambda(lambda x: x * 2)"), 3, 5, /class Lambda are not known/],
    [model("[layers.Dense(n) for n in (1, 2)]"), 3, 5, /expected a layer/],
    [model('layers.Dense(4, name=f"dense_{i}")'), 3, 26, /name: its value is known only when the code runs/],
    [model("layers.Dense(*sizes)"), 3, 19, /units: its value is known only when the code runs/],
    [model("layers.Dense(4),, "), 3, 21, /expected a value/],
    [model("layers.Dense(4"), 1, 25, /not closed/],
    ["model = keras.Sequential([layers.Dense(4)])", 1, 27, /needs the shape of its input/],
    ["x = 'abc", 1, 5, /not closed/],
    ["if True:\nx = 1", 2, 1, /indented block/],
    ["class Net(keras.Model):\n    def call(self, x): return x", 1, 1, /a class of its own is not read/],
    ["yield 1", 1, 1, /expected a value/],
    ["x = 5", 1, 1, /no model is built/],
    ["", 1, 1, /no model is built/],
    ["a = keras.Input((2,))\nl = layers.Dense(2)\nmodel = keras.Model(a, l(l(a)))", 2, 5, /used more than once/],
    ["a = keras.Input((2,))\nb = keras.Input((2,))\nmodel = keras.Model(a, layers.Add()([a, b]))", 2, 5, /one input/],
  ]) {
    assert.throws(
      () => readKerasCode(code),
      (error) => {
        assert.equal(error.name, "CodeError", error.stack);
        assert.match(error.message, words);
        assert.deepEqual([error.line, error.column], [line, column], `${error.message}\n${code}`);
        return true;
      },
    );
  }
});

test("endless and deep code ends in a sentence", () => {
  for (const [code, words] of [
    [`x = ${"(".repeat(500)}1${")".repeat(500)}`, /deep/],
    [`x = ${"-".repeat(5000)}1`, /deep/],
    ["for i in range(10 ** 9): pass", /at most 1000 rounds/],
    [
      `${"for i in range(1000):\n ".replace(/\n $/, " ")}x = 1\nfor i in range(1000):\n    for j in range(1000):\n        x = 1 + 1\n`,
      /more than a model needs/,
    ],
    ["def f(): return f()\nmodel = f()", /20 deep/],
    [
      "model = keras.Sequential([keras.Input((2,))])\nfor i in range(900): model.add(layers.Dense(2))",
      /at most 256 layers/,
    ],
    [`x = "${"a".repeat(300_000)}"`, /at most 200000 characters/],
  ]) {
    assert.throws(() => readKerasCode(code), words);
  }
});
