"""When keras.callbacks.EarlyStopping ends a training, and which epoch's weights the network has then."""

import json
from pathlib import Path

from keras import callbacks

from vector_file import random_for

EPOCHS = 12


def cases():
    """Arguments of the callback."""
    for monitor in ("val_loss", "val_accuracy", "loss", "accuracy"):
        yield {"monitor": monitor}
        yield {"monitor": monitor, "restore_best_weights": True}
        yield {"monitor": monitor, "patience": 2, "restore_best_weights": True}
        yield {"monitor": monitor, "patience": 3, "min_delta": 0.25, "restore_best_weights": True}
        yield {"monitor": monitor, "patience": 1, "start_from_epoch": 4, "restore_best_weights": True}
        yield {"monitor": monitor, "patience": 2, "baseline": 0.5, "restore_best_weights": True}
        # It never stops, and yet the best weights come back.
        yield {"monitor": monitor, "patience": 100, "restore_best_weights": True}
        yield {"monitor": monitor, "patience": 100, "start_from_epoch": EPOCHS, "restore_best_weights": True}


class Network:
    """Its weights are the number of the epoch that it has come to."""

    stop_training = False
    epoch = -1

    def get_weights(self):
        return self.epoch

    def set_weights(self, epoch):
        self.epoch = epoch


def write():
    written = []
    for number, arguments in enumerate(cases()):
        for known in (True, False) if arguments["monitor"] == "val_loss" else (True,):
            # Whole quarters, which float32 holds: ties are as frequent as improvements.
            values = random_for("early-stopping", number).integers(1, 9, EPOCHS) / 4 if known else [None] * EPOCHS
            values = [None if value is None else float(value) for value in values]
            written.append({"arguments": arguments, "values": values, **_by_keras(arguments, values)})
    rows = ",\n".join(json.dumps(case) for case in written)
    Path(__file__).with_name("keras-early-stopping.json").write_text(f"[\n{rows}\n]\n")


def _by_keras(arguments, values):
    network = Network()
    mode = "max" if arguments["monitor"].endswith("accuracy") else "min"
    callback = callbacks.EarlyStopping(**arguments, mode=mode)
    callback.set_model(network)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        network.epoch = epoch
        callback.on_epoch_end(epoch, {} if value is None else {arguments["monitor"]: value})
        if network.stop_training:
            break
    last = network.epoch
    callback.on_train_end()
    return {"last": last, "weights": network.epoch}
