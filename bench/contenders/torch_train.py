"""PyTorch's plain training loop on the reference network; speaks the same lines as the other contenders."""

import gzip
import json
import resource
import sys
import time

import numpy as np
import torch
from torch import nn

batch_size, count, images_file, labels_file, layout = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]


def read_idx(path, header):
    with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header).copy()


def say(**message):
    print(json.dumps(message), flush=True)


torch.manual_seed(1)
images = torch.from_numpy(read_idx(images_file, 16)[: count * 784]).reshape(count, 1, 28, 28)
labels = torch.from_numpy(read_idx(labels_file, 8)[:count]).long()
# Normalised once, before the clock starts: the fastest a plain loop can be.
pictures = (images.float() / 255 - 0.5) / 0.5
network = nn.Sequential(
    nn.Conv2d(1, 25, 3), nn.BatchNorm2d(25), nn.ReLU(), nn.MaxPool2d(2, 2),
    nn.Conv2d(25, 50, 3), nn.BatchNorm2d(50), nn.ReLU(), nn.MaxPool2d(2, 2),
    nn.Flatten(), nn.Linear(50 * 5 * 5, 1024), nn.ReLU(), nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 10),
)  # fmt: skip
if layout == "channels_last":
    network = network.to(memory_format=torch.channels_last)
    pictures = pictures.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
say(ready=True, version=torch.__version__, threads=torch.get_num_threads())

for line in sys.stdin:
    if line.strip() == "quit":
        break
    started = time.perf_counter()
    order = torch.randperm(count)
    total = 0.0
    for start in range(0, count, batch_size):
        batch = order[start : start + batch_size]
        x = pictures[batch]
        if layout == "channels_last":
            x = x.contiguous(memory_format=torch.channels_last)
        loss = criterion(network(x), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    say(seconds=time.perf_counter() - started, loss=total / count)
say(peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
