"""PyTorch's losses, reading predictions as Keras' do."""

from torch import nn


def counterpart(loss):
    """`f(prediction, target)` for the Keras loss `loss`."""
    config = loss.get_config()
    if type(loss).__name__ == "MeanSquaredError":
        return nn.MSELoss()
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=config.get("label_smoothing", 0.0))
    if config["from_logits"]:
        return cross_entropy
    # Keras divides by the sum of the outputs, whether or not they are probabilities already. A softmax
    # leaves logarithms of shares as they are.
    return lambda prediction, target: cross_entropy(
        (prediction / prediction.sum(-1, keepdim=True)).log(), target
    )
