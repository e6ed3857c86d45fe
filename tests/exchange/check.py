"""Runs what is exported and compares its numbers: Keras code, .keras, PyTorch code and ONNX of the same model.

python tests/exchange/check.py [COUNT]    needs node, keras 3.15.1, torch 2.15.0, h5py, safetensors; onnxruntime if it is there
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy
import torch

try:
    import onnxruntime
except ImportError:
    onnxruntime = None

HERE = pathlib.Path(__file__).parent
TOLERANCE = 1e-4
# Every so many models is trained as well, which takes most of the time.
TRAINED = 10


def run(path, names):
    """Executes a file in its folder, as a person would."""
    before = os.getcwd()
    os.chdir(path.parent)
    try:
        exec(compile(path.read_text(), str(path), "exec"), names)
    finally:
        os.chdir(before)
    return names["model"]


def predictions(folder, x):
    # What Keras has not is registered by the code, which ends by training; its numbers are those before.
    path = folder / "keras_before.py"
    path.write_text((folder / "keras_model.py").read_text().split("# x_train:")[0])
    yield "keras_model.py", run(path, {})(x, training=False)
    model = keras.saving.load_model(folder / "model.keras")
    y = numpy.zeros(len(x), "int32")
    model.evaluate(x, y, verbose=0)
    yield "model.keras", model(x, training=False)
    described = keras.models.model_from_json((folder / "model.json").read_text())
    described.load_weights(folder / "model.weights.h5")
    yield "model.json", described(x, training=False)
    if int(folder.name) % TRAINED == 0:
        with contextlib.redirect_stdout(io.StringIO()):
            run(folder / "keras_model.py", {"x_train": x, "y_train": y})
    if (folder / "pytorch_model.py").exists():
        first = torch.tensor(x).movedim(-1, 1)
        with torch.no_grad():
            yield "pytorch_model.py", run(folder / "pytorch_model.py", {})(first)
    if onnxruntime and (folder / "model.onnx").exists():
        session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
        yield "model.onnx", session.run(None, {session.get_inputs()[0].name: x})[0]


def plain(values):
    return values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else numpy.asarray(values)


def check(folder):
    random = numpy.random.default_rng(1)
    shape = json.loads((folder / "model.json").read_text())["config"]["layers"][0]["config"]["batch_shape"][1:]
    x = random.uniform(0, 1, (3, *shape)).astype("float32")
    keras.utils.set_random_seed(1)
    reference, worst, failures = None, 0.0, []
    found = predictions(folder, x)
    while True:
        try:
            name, values = next(found)
        except StopIteration:
            break
        values = plain(values)
        if reference is None:
            reference = values
        error = float(numpy.abs(values - reference).max() / max(1.0, numpy.abs(reference).max()))
        worst = max(worst, error)
        if not error <= TOLERANCE:
            failures.append(f"{folder.name}: {name} differs by {error:.2g}")
    for refused in folder.glob("*.refused"):
        print(f"{folder.name}: {refused.stem} is refused: {refused.read_text()}")
    return worst, failures


def main():
    count = sys.argv[1] if len(sys.argv) > 1 else "60"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", HERE / "export.mjs", folder, count], check=True)
        worst, failures = 0.0, []
        for inside in sorted(pathlib.Path(folder).iterdir()):
            try:
                error, wrong = check(inside)
            except Exception as error_:
                error, wrong = 0.0, [f"{inside.name}: {type(error_).__name__}: {error_}"]
            worst = max(worst, error)
            failures += wrong
        print("\n".join(failures))
        print(f"{count} models, largest difference {worst:.2g}, {len(failures)} failures", "" if onnxruntime else "(without onnxruntime)")
        sys.exit(bool(failures))


main()
