"""The files of golden numbers: F32 tensors in safetensors, one description of the cases in the metadata."""

import json
from pathlib import Path

import keras
import numpy as np
import torch
from safetensors.numpy import save_file

HERE = Path(__file__).parent
SEED = 1
MAX_BYTES = 600_000

# The norm of the error, relative to the norm of the reference, that float32 arithmetic may make.
TOLERANCE = 1e-5
TOLERANCE_AFTER_TEN_STEPS = 1e-4


class VectorFile:
    """Collects cases and writes them to `<reference>-<name>.safetensors`, whose name is the kind if it has no other."""

    def __init__(self, reference, kind, name=None):
        self.reference = reference
        self.kind = kind
        self.name = name or kind
        before_a_step = kind in ("layer", "loss", "explanation", "black-border")
        self.tolerance = TOLERANCE if before_a_step else TOLERANCE_AFTER_TEN_STEPS
        self.cases = []
        self.tensors = {}

    def add(self, name, description, tensors):
        if any(case["name"] == name for case in self.cases):
            raise ValueError(f"two {self.kind} cases are called {name}")
        self.cases.append({"name": name, "kind": self.kind} | description)
        for key, values in tensors.items():
            values = np.asarray(values, dtype=np.float64)
            if not np.all(np.isfinite(values)):
                raise ValueError(f"{name}/{key} is not finite")
            # safetensors writes an array's memory as it lies, transposed or not.
            self.tensors[f"{name}/{key}"] = values.astype(np.float32, order="C")

    def write(self):
        versions = {
            "keras": f"keras {keras.__version__} (torch {torch.__version__})",
            "torch": f"torch {torch.__version__}",
        }
        description = {
            "generator": "generate.py",
            "reference": f"{versions[self.reference]}, float64",
            "seed": SEED,
            "tolerance": self.tolerance,
            "cases": self.cases,
        }
        path = HERE / f"{self.reference}-{self.name}.safetensors"
        save_file(self.tensors, path, metadata={"vectors": json.dumps(description)})
        size = path.stat().st_size
        print(f"{path.name}: {len(self.cases)} cases, {size:,} bytes")
        if size > MAX_BYTES:
            raise ValueError(f"{path.name} has more than {MAX_BYTES:,} bytes")


def random_for(*names):
    """A generator of its own for each case, so that adding a case leaves the others as they are."""
    return np.random.default_rng([SEED, *"/".join(map(str, names)).encode()])


def normal(random, shape, scale=1.0):
    """Normal numbers that float32 holds exactly, as float64."""
    return (scale * random.standard_normal(shape)).astype(np.float32).astype(np.float64)
