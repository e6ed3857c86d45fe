"""Writes the golden numbers in this directory. README.md says how to run it."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import black_border_cases
import early_stopping_cases
import function_layer_cases
import graph_cases
import keras_json
import layer_cases
import loss_cases
import network_cases
import optimizer_cases
import path_cases
import spatial_layer_cases
import torch_explanations

if __name__ == "__main__":
    layer_cases.write()
    spatial_layer_cases.write()
    function_layer_cases.write()
    loss_cases.write()
    network_cases.write()
    graph_cases.write()
    black_border_cases.write()
    optimizer_cases.write()
    path_cases.write()
    torch_explanations.write()
    keras_json.write()
    early_stopping_cases.write()
