"""Keras and PyTorch check each other: a case is only written when both computed the same numbers."""

import numpy as np

AGREEMENT = 1e-10


def check_agreement(name, by_keras, by_torch):
    """Every tensor that PyTorch computed; it leaves out what it defines differently."""
    for key, value in by_torch.items():
        difference = np.abs(np.asarray(value) - np.asarray(by_keras[key])).max()
        if not difference < AGREEMENT:
            raise ValueError(f"{name}/{key}: Keras and PyTorch differ by {difference}")
