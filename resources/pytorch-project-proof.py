"""Runs an exported project's network: its folder is the first argument, its pictures' sizes [height, width, channels] follow.

Says `PyTorch <version>` and `ready`, each on a line. Then, as often as it is asked: a count (4 bytes, little-endian) and so many
pictures come in, float32 NHWC; their outputs go out as float32. Ends with its input. Exit code 3: a package is missing here.
"""

import json
import os
import sys

sys.dont_write_bytecode = True
try:
    import numpy as np
    import safetensors.torch  # noqa: F401, which the project imports
    import torch
except ImportError:
    sys.exit(3)

answers = os.fdopen(os.dup(1), "wb")
sys.stdout = sys.stderr


def say(line):
    answers.write(f"{line}\n".encode())
    answers.flush()


def main():
    project, *sizes = sys.argv[1:]
    say(f"PyTorch {torch.__version__}")
    sys.path.insert(0, project)
    import checkpoint
    from model import build_network

    with open(os.path.join(project, "run.json"), encoding="utf-8") as file:
        run = json.load(file)
    network = build_network()
    optimizer = checkpoint.make_optimizer(run["config"], network.parameters())
    checkpoint.load(os.path.join(project, "checkpoint"), network, optimizer)
    network.eval()
    say("ready")
    shape = [int(size) for size in sizes]
    while header := sys.stdin.buffer.read(4):
        count = int.from_bytes(header, "little")
        pictures = np.frombuffer(sys.stdin.buffer.read(4 * count * int(np.prod(shape))), "<f4").reshape(count, *shape)
        with torch.no_grad():
            outputs = network(torch.from_numpy(pictures.copy()).permute(0, 3, 1, 2).contiguous())
        answers.write(outputs.numpy().astype("<f4").tobytes())
        answers.flush()


main()
