"""PyTorch: layouts are channels first, kernels (out, in, height, width), dense (out, in)."""

import numpy
import torch
from torch import nn

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


class Peer:
    def __init__(self, description, optimizer, tensors):
        self.x = torch.from_numpy(numpy.ascontiguousarray(tensors["examples/x"].transpose(0, 3, 1, 2)))
        self.labels = torch.from_numpy(tensors["examples/labels"].astype(numpy.int64))
        self.logits = network(description, tensors)
        self.parameters = sum(parameter.numel() for parameter in self.logits.parameters())
        rate, momentum = optimizer["learning_rate"], optimizer["momentum"]
        self.optimizer = torch.optim.SGD(self.logits.parameters(), lr=rate, momentum=momentum)
        self.loss = nn.CrossEntropyLoss()

    def train(self):
        self.optimizer.zero_grad()
        loss = self.loss(self.logits(self.x), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.inference_mode()
    def infer(self):
        return torch.softmax(self.logits(self.x), 1).numpy()


def network(description, tensors):
    """Without the softmax at its end: PyTorch's cross-entropy takes logits."""
    modules = []
    height, width, channels = description["config"]["layers"][0]["config"]["batch_shape"][1:]
    x = torch.empty(1, channels, height, width)
    for layer in description["config"]["layers"][1:]:
        config = layer["config"]
        kernel, bias = (tensors.get(f"{config['name']}/{part}") for part in ("kernel", "bias"))
        match layer["class_name"]:
            case "Conv2D":
                sizes = kernel.shape[2], kernel.shape[3], tuple(config["kernel_size"])
                module = nn.Conv2d(*sizes, stride=tuple(config["strides"]), padding=config["padding"])
                kernel = kernel.transpose(3, 2, 0, 1)
            case "MaxPooling2D":
                module = nn.MaxPool2d(tuple(config["pool_size"]), stride=tuple(config["strides"]))
            case "Flatten":
                module = nn.Flatten()
                flattened = x.shape[1:]
            case "Dense":
                module = nn.Linear(*kernel.shape)
                if isinstance(modules[-1], nn.Flatten):
                    channels, height, width = flattened
                    kernel = kernel.reshape(height, width, channels, -1).transpose(2, 0, 1, 3).reshape(kernel.shape)
                kernel = kernel.T
        if kernel is not None:
            with torch.no_grad():
                module.weight.copy_(torch.from_numpy(numpy.ascontiguousarray(kernel)))
                module.bias.copy_(torch.from_numpy(bias))
        modules.append(module)
        with torch.no_grad():
            x = module(x)
        if config.get("activation") == "relu":
            modules.append(nn.ReLU())
    return nn.Sequential(*modules)
