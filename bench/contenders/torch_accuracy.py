"""Test accuracy of PyTorch on MNIST after three epochs, for each seed given: the measure that ours is held to."""

import os
import sys

import numpy as np
import torch
from torch import nn
from torch_reference import read_labels, read_pictures, reference_network

folder, seeds, epochs, batch_size = sys.argv[1], [int(word) for word in sys.argv[2:]], 3, 64


def load(part):
    images = os.path.join(folder, f"{part}-images-idx3-ubyte")
    return read_pictures(images), read_labels(os.path.join(folder, f"{part}-labels-idx1-ubyte"))


(x, y), (test_x, test_y) = load("train"), load("t10k")
accuracies = []
for seed in seeds:
    torch.manual_seed(seed)
    network = reference_network()
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss = nn.functional.cross_entropy(network(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    network.eval()
    with torch.no_grad():
        right = sum((network(test_x[i : i + 1000]).argmax(1) == test_y[i : i + 1000]).sum().item() for i in range(0, 10000, 1000))
    accuracies.append(right / 100)
    print(f"seed {seed}: {right / 100:.2f} %", flush=True)
print(f"mean {np.mean(accuracies):.3f} %")
