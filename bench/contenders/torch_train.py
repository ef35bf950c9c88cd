"""PyTorch's plain training loop on the reference network; speaks the same lines as the other contenders."""

import json
import resource
import sys
import time

import torch
from torch import nn
from torch_reference import read_labels, read_pictures, reference_network

batch_size, count, images_file, labels_file, layout = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]


def say(**message):
    print(json.dumps(message), flush=True)


torch.manual_seed(1)
# Normalised once, before the clock starts: the fastest a plain loop can be.
pictures, labels = read_pictures(images_file, count), read_labels(labels_file, count)
network = reference_network()
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
