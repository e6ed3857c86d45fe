"""Writes the model files that the tests read, as Keras, PyTorch and ONNX write them, with the weights that they hold.

python tests/exchange/generate.py     keras 3.15.1, torch 2.15.0, h5py 3.16.0, onnx 1.23.2, onnxscript, safetensors 0.8.0; seed 1

Each file has a twin in files/expected/: a safetensors file with its weights in Keras' names and layouts, an input `x`
(channels last) and the output `y` that the framework gives for it.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import inspect
import json
import pathlib
import re

import h5py
import keras
import numpy
import onnx
import torch
from keras import layers
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch
from torch import nn

FILES = pathlib.Path(__file__).parent / "files"
EXPECTED = FILES / "expected"
random = numpy.random.default_rng(1)


def numbers(*shape):
    return random.uniform(-1, 1, shape).astype("float32")


def fill(model):
    """Weights that tell every place from every other."""
    for weight in model.weights:
        values = numbers(*weight.shape)
        weight.assign(numpy.abs(values) + 0.5 if "variance" in weight.path else values)
    return model


def expect(name, weights, x, y):
    tensors = {key: numpy.ascontiguousarray(value, "float32") for key, value in weights.items()}
    save_file({**tensors, "x": numpy.ascontiguousarray(x), "y": numpy.ascontiguousarray(y)}, EXPECTED / f"{name}.safetensors")


def keras_weights(model):
    found = {}
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found.update(keras_weights(layer))
        for weight in layer.weights if not isinstance(layer, keras.Model) else []:
            found[f"{layer.name}/{weight.name}"] = weight.numpy()
    return found


def expect_keras(name, model):
    x = numbers(2, *model.input_shape[1:])
    expect(name, keras_weights(model), x, model(x, training=False).detach().numpy())


def sequential():
    return fill(
        keras.Sequential(
            [
                keras.Input((9, 8, 2)),
                layers.Conv2D(4, (3, 2), strides=(2, 1), padding="same", activation="relu", name="first"),
                layers.BatchNormalization(epsilon=0.01),
                layers.DepthwiseConv2D(2, depth_multiplier=2),
                layers.SeparableConv2D(3, 2, use_bias=False),
                layers.LayerNormalization(),
                layers.PReLU(shared_axes=[1, 2]),
                layers.Dropout(0.25),
                layers.Flatten(),
                layers.Dense(5, activation="softmax"),
            ],
            name="small",
        )
    )


def residual():
    inputs = keras.Input((6, 6, 3), name="picture")
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    inner = keras.Sequential([layers.BatchNormalization(name="inner_norm"), layers.Conv2D(4, 1, name="inner")], name="branch")
    x = layers.Concatenate()([layers.Add()([inner(x), x]), x])
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
    return fill(keras.Model(inputs, layers.Dense(3)(x), name="residual"))


def write_keras():
    keras.utils.set_random_seed(1)
    model = sequential()
    model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.save(FILES / "sequential.keras")
    model.save(FILES / "sequential.h5")
    (FILES / "sequential.json").write_text(model.to_json())
    expect_keras("sequential", model)
    graph = residual()
    graph.save(FILES / "residual.keras")
    graph.save(FILES / "residual.h5")
    expect_keras("residual", graph)


def write_keras2():
    """As Keras 2 wrote it (keras 2.15, saving/legacy): lists of fixed texts, names with `:0`, `batch_input_shape`."""
    kernel, bias = numbers(2, 2, 1, 3), numbers(3)
    matrix, offset = numbers(12, 2), numbers(2)
    config = {
        "class_name": "Sequential",
        "config": {
            "name": "sequential_1",
            "layers": [
                {"class_name": "Conv2D", "config": {"name": "conv2d_1", "batch_input_shape": [None, 3, 3, 1], "dtype": "float32", "filters": 3, "kernel_size": [2, 2], "activation": "linear"}},
                {"class_name": "LeakyReLU", "config": {"name": "leaky_re_lu_1", "alpha": 0.1}},
                {"class_name": "Flatten", "config": {"name": "flatten_1", "data_format": "channels_last"}},
                {"class_name": "Dense", "config": {"name": "dense_1", "units": 2, "activation": "softmax"}},
            ],
        },
    }
    training = {"optimizer_config": {"class_name": "Adam", "config": {"name": "Adam", "learning_rate": 0.001}}, "loss": "categorical_crossentropy", "metrics": ["acc"]}
    held = {"conv2d_1": {"kernel": kernel, "bias": bias}, "leaky_re_lu_1": {}, "flatten_1": {}, "dense_1": {"kernel": matrix, "bias": offset}}
    with h5py.File(FILES / "keras2.h5", "w") as file:
        file.attrs["model_config"] = numpy.bytes_(json.dumps(config))
        file.attrs["training_config"] = numpy.bytes_(json.dumps(training))
        group = file.create_group("model_weights")
        # Keras cuts long lists of names into parts.
        names = [numpy.bytes_(name) for name in held]
        group.attrs["layer_names0"], group.attrs["layer_names1"] = names[:2], names[2:]
        for layer, weights in held.items():
            inside = group.create_group(layer)
            inside.attrs["weight_names"] = [numpy.bytes_(f"{layer}/{name}:0") for name in weights]
            for name, values in weights.items():
                # Some tools pack what they write.
                packed = {"compression": "gzip", "shuffle": True, "chunks": True} if name == "kernel" else {}
                inside.create_dataset(f"{layer}/{name}:0", data=values.astype("float64") if layer == "dense_1" else values, **packed)
    expect("keras2", {f"{layer}/{name}": values for layer, weights in held.items() for name, values in weights.items()}, numbers(1, 3, 3, 1), numbers(1, 2))


def write_tfjs():
    """By tensorflowjs 4's format: model.json and shards, one group as float32 and one for each quantisation."""
    tensors = {"conv/kernel": numbers(2, 2, 1, 3), "conv/bias": numbers(3), "dense/kernel": numbers(12, 4), "dense/bias": numbers(4)}
    model = keras.Sequential([keras.Input((3, 3, 1)), layers.Conv2D(3, 2, name="conv"), layers.Flatten(name="flat"), layers.Dense(4, name="dense")])
    topology = {"keras_version": "tfjs-layers 4.22.0", "backend": "tensor_flow.js", "model_config": json.loads(model.to_json()), "training_config": {"optimizer_config": {"class_name": "SGD", "config": {"learning_rate": 0.01}}, "loss": "mean_squared_error", "metrics": []}}
    expected, entries, content = {}, [], b""
    for (name, values), kind in zip(tensors.items(), ["float32", "uint8", "uint16", "float16"], strict=True):
        entry = {"name": name, "shape": list(values.shape), "dtype": "float32"}
        if kind == "float32":
            packed, back = values, values
        elif kind == "float16":
            packed = values.astype("float16")
            back, entry["quantization"] = packed.astype("float32"), {"dtype": kind, "original_dtype": "float32"}
        else:
            scale = float((values.max() - values.min()) / (2**8 - 1 if kind == "uint8" else 2**16 - 1))
            packed = numpy.round((values - values.min()) / scale).astype(kind)
            back = (packed * scale + float(values.min())).astype("float32")
            entry["quantization"] = {"dtype": kind, "scale": scale, "min": float(values.min()), "original_dtype": "float32"}
        entries.append(entry)
        content += packed.tobytes()
        expected[name] = back
    folder = FILES / "tfjs"
    folder.mkdir(exist_ok=True)
    # Shards are cut at any byte.
    cut = len(content) // 2 + 1
    (folder / "group1-shard1of2.bin").write_bytes(content[:cut])
    (folder / "group1-shard2of2.bin").write_bytes(content[cut:])
    manifest = [{"paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"], "weights": entries}]
    (folder / "model.json").write_text(json.dumps({"format": "layers-model", "generatedBy": "TensorFlow.js tfjs-layers v4.22.0", "convertedBy": None, "modelTopology": topology, "weightsManifest": manifest}))
    expect("tfjs", expected, numbers(1, 3, 3, 1), numbers(1, 4))


class Course(nn.Module):
    """Names whose order in the alphabet is not that of the layers, a flattening of an image, and a skip."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
        self.block = nn.Conv2d(4, 4, 3, stride=1, padding="same", bias=False)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(4 * 4 * 3, 6), nn.ReLU(), nn.Linear(6, 3))

    def forward(self, x):
        x = self.features(x)
        return self.classifier(torch.relu(self.block(x) + x))


def torch_model(model):
    for name, values in model.state_dict().items():
        if values.dtype == torch.float32:
            fresh = torch.tensor(numbers(*values.shape))
            values.copy_(fresh.abs() + 0.5 if "running_var" in name else fresh)
    return model.eval()


def write_torch():
    model = torch_model(Course())
    save_torch(model.state_dict(), FILES / "course.safetensors")
    inputs = keras.Input((8, 6, 2))
    x = layers.Conv2D(4, 3, padding="same", name="conv")(inputs)
    x = layers.MaxPooling2D(2)(layers.ReLU()(layers.BatchNormalization(epsilon=1e-5, momentum=0.9, name="norm")(x)))
    x = layers.ReLU()(layers.Add()([layers.Conv2D(4, 3, padding="same", use_bias=False, name="block")(x), x]))
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    x = layers.Dense(3, name="last")(layers.Dense(6, activation="relu", name="hidden")(x))
    (FILES / "course.json").write_text(keras.Model(inputs, x).to_json())
    x = numbers(2, 8, 6, 2)
    first = torch.tensor(x).movedim(-1, 1)
    with torch.no_grad():
        y = model(first).numpy()
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    rows = state["classifier.2.weight"].reshape(6, 4, 4, 3).transpose(2, 3, 1, 0).reshape(48, 6)
    weights = {
        "conv/kernel": state["features.0.weight"].transpose(2, 3, 1, 0),
        "conv/bias": state["features.0.bias"],
        "norm/gamma": state["features.1.weight"],
        "norm/beta": state["features.1.bias"],
        "norm/moving_mean": state["features.1.running_mean"],
        "norm/moving_variance": state["features.1.running_var"],
        "block/kernel": state["block.weight"].transpose(2, 3, 1, 0),
        "hidden/kernel": rows,
        "hidden/bias": state["classifier.2.bias"],
        "last/kernel": state["classifier.4.weight"].T,
        "last/bias": state["classifier.4.bias"],
    }
    expect("course", weights, x, y)
    for name, dynamo in [("course-torchscript", False), ("course-dynamo", True)]:
        options = {"external_data": False} if dynamo else {"dynamic_axes": {"input": {0: "batch"}}, "input_names": ["input"]}
        torch.onnx.export(model, (first,), FILES / f"{name}.onnx", dynamo=dynamo, verbose=False, **options)
        expect(name, {}, x, y)
    torch.save(model.state_dict(), FILES / "course.pt")


def write_onnx():
    """What exporters write and torch.onnx above does not: asymmetric pads, a Pad, MatMul with Add, a global mean, channels last."""
    from onnx import helper, numpy_helper

    constants = {"kernel": numbers(4, 2, 3, 3), "bias": numbers(4), "deep": numbers(8, 1, 2, 2), "turned": numbers(8, 3, 2, 2), "matrix": numbers(3, 5), "offset": numbers(5), "pads": numpy.array([0, 0, 1, 0, 0, 0, 0, 2], "int64")}
    nodes = [
        helper.make_node("Transpose", ["input"], ["first"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["first", "kernel", "bias"], ["a"], pads=[0, 1, 2, 1], strides=[2, 1], kernel_shape=[3, 3]),
        helper.make_node("LeakyRelu", ["a"], ["b"], alpha=0.1),
        helper.make_node("Pad", ["b", "pads"], ["c"]),
        helper.make_node("Conv", ["c", "deep"], ["d"], group=4, kernel_shape=[2, 2]),
        helper.make_node("Relu", ["d"], ["e"]),
        helper.make_node("MaxPool", ["e"], ["f"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("ConvTranspose", ["f", "turned"], ["g"], strides=[2, 2], pads=[0, 1, 0, 0]),
        helper.make_node("AveragePool", ["g"], ["h"], kernel_shape=[2, 2], pads=[1, 0, 0, 1], count_include_pad=1),
        helper.make_node("Sigmoid", ["h"], ["i"]),
        helper.make_node("Mul", ["h", "i"], ["j"]),
        helper.make_node("ReduceMean", ["j"], ["k"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["k", "matrix"], ["l"]),
        helper.make_node("Add", ["l", "offset"], ["m"]),
        helper.make_node("Softmax", ["m"], ["output"], axis=-1),
    ]
    value = lambda name, shape: helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)  # noqa: E731
    graph = helper.make_graph(nodes, "assorted", [value("input", ["batch", 9, 8, 2])], [value("output", ["batch", 5])], [numpy_helper.from_array(values, name) for name, values in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="convscope tests")
    onnx.checker.check_model(model)
    onnx.save(model, FILES / "assorted.onnx")
    x = numbers(2, 9, 8, 2)
    from onnx.reference import ReferenceEvaluator

    expect("assorted", {}, x, ReferenceEvaluator(model).run(None, {"input": x})[0])


def write_signatures():
    """The arguments of Keras' classes, which web/exchange/signatures.js must have."""
    rooms = {"layers": layers, "optimizers": keras.optimizers, "schedules": keras.optimizers.schedules, "losses": keras.losses, "regularizers": keras.regularizers, "constraints": keras.constraints, "initializers": keras.initializers}
    ours = re.findall(r"^ +([A-Z]\w+)\(", (FILES / "../../../web/exchange/signatures.js").read_text(), re.MULTILINE)
    found = {}
    for room, module in rooms.items():
        found[room] = {}
        for name in ours:
            if hasattr(module, name):
                parameters = inspect.signature(getattr(module, name)).parameters.values()
                own = [p for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL) and p.name != "self"]
                found[room][name] = [[p.name] if p.default is p.empty else [p.name, p.default] for p in own]
    (FILES / "signatures.json").write_text(json.dumps(found, default=lambda value: None))


if __name__ == "__main__":
    EXPECTED.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    write_keras()
    write_keras2()
    write_tfjs()
    write_torch()
    write_onnx()
    write_signatures()
