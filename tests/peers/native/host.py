"""Loads one peer, asks it, measures it: host.py MODULE. One request a line, one answer a line, both JSON.

What page.mjs is for pages. A peer is a module with a class `Peer(description, optimizer, tensors)`. It has `parameters`,
`train()`, one step on the batch that returns the loss before it, and `infer()`, which returns the batch's probabilities.
"""

import importlib
import json
import os
import sys
import time

STEPS_OF_AN_ANSWER = 3


class Host:
    def __init__(self, module):
        self.module = module

    def load(self, description, optimizer, file):
        from safetensors.numpy import load_file

        self.peer = importlib.import_module(self.module).Peer(description, optimizer, load_file(file))
        return self.peer.parameters

    def answer(self, mode):
        if mode == "infer":
            return self.peer.infer().flatten().tolist()
        return [float(self.peer.train()) for _ in range(STEPS_OF_AN_ANSWER)]

    def measure(self, work, seconds):
        call = getattr(self.peer, work)
        start = time.perf_counter()
        times = 0
        elapsed = 0
        while elapsed < seconds:
            call()
            times += 1
            elapsed = time.perf_counter() - start
        return times / elapsed


def main():
    # Answers alone go where they are read; whatever else libraries print goes elsewhere.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    host = Host(sys.argv[1])
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"result": getattr(host, name)(*arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
