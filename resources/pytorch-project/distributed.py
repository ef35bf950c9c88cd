"""Several processes that train as one: the same batches, the same statistics, the same masks."""

import os
import sys

import torch
import torch.distributed as dist
from torch import nn

from data import hash_words


class Group:
    """The processes of this training; started alone, it is one."""

    def __init__(self, device=None):
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        if device is None:
            device = "cuda" if torch.cuda.is_available() and torch.cuda.device_count() >= here else "cpu"
        self.device = torch.device(device)
        if self.device.type == "cuda":
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
            torch.cuda.set_device(self.device)
        if self.world > 1:
            dist.init_process_group("nccl" if self.device.type == "cuda" else "gloo")

    def share(self, count):
        """First and last position (exclusive) of this process's part of a batch; parts differ by one at most."""
        return count * self.rank // self.world, count * (self.rank + 1) // self.world

    def total(self, *values):
        """Each value summed over the processes."""
        if self.world == 1:
            return list(values)
        sums = torch.tensor(values, dtype=torch.float64, device=self.device)
        dist.all_reduce(sums)
        return sums.tolist()

    def sum_gradients(self, network):
        """Over the processes, all of them in one message."""
        if self.world == 1:
            return
        gradients = [value.grad for value in network.parameters() if value.grad is not None]
        sums = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(sums)
        for gradient, total in zip(gradients, sums.split([gradient.numel() for gradient in gradients])):
            gradient.copy_(total.view_as(gradient))

    def wait(self):
        if self.world > 1:
            dist.barrier()

    def leave(self):
        """Ends all processes together, at once: PyTorch's threads now and then abort a Python that cleans up first."""
        if self.world > 1:
            dist.barrier()
            dist.destroy_process_group()
            sys.stdout.flush()
            os._exit(0)


class Batch:
    """Which part of which batch is being computed, for the layers that have to know."""

    seed = step = start = stop = total = 0


class SumOverProcesses(torch.autograd.Function):
    """The sum of a tensor over all processes; so is its gradient."""

    @staticmethod
    def forward(_context, value):
        total = value.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(_context, gradient):
        total = gradient.clone()
        dist.all_reduce(total)
        return total


class GlobalBatchNorm2d(nn.BatchNorm2d):
    """BatchNorm over the pictures of all processes, on any device: nn.SyncBatchNorm runs on GPUs alone."""

    def forward(self, x):
        if not self.training:
            return super().forward(x)
        sums = x.sum((0, 2, 3))
        places = sums.new_tensor([x.shape[0] * x.shape[2] * x.shape[3]])
        reduced = SumOverProcesses.apply(torch.cat([sums, places]))
        count = reduced[-1].detach()
        centred = x - (reduced[:-1] / count)[None, :, None, None]
        variance = SumOverProcesses.apply((centred * centred).sum((0, 2, 3))) / count
        with torch.no_grad():
            unbiased = variance * (count / (count - 1)) if count > 1 else variance
            self.running_mean.lerp_(reduced[:-1] / count, self.momentum)
            self.running_var.lerp_(unbiased, self.momentum)
            self.num_batches_tracked.add_(1)
        y = centred * torch.rsqrt(variance + self.eps)[None, :, None, None]
        if not self.affine:
            return y
        return y * self.weight[None, :, None, None] + self.bias[None, :, None, None]


class SharedDropout(nn.Module):
    """Dropout whose mask follows from seed, layer and step: each process takes its part of the whole batch's mask."""

    def __init__(self, p, layer, channels):
        super().__init__()
        self.p, self.layer, self.channels = p, layer, channels

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        sizes = (x.shape[1], 1, 1) if self.channels else tuple(x.shape[1:])
        generator = torch.Generator(device=x.device)
        generator.manual_seed(hash_words([Batch.seed, "dropout", self.layer, Batch.step]))
        drawn = torch.rand((Batch.total, *sizes), generator=generator, device=x.device)
        return x * (drawn[Batch.start : Batch.stop] >= self.p) / (1 - self.p)


def prepare(network, group):
    """Replaces the layers that would see only a part of the batch. Names of weights stay as they are."""
    for name, module in list(network.named_modules()):
        for child_name, child in list(module.named_children()):
            layer = f"{name}.{child_name}" if name else child_name
            if isinstance(child, (nn.Dropout, nn.Dropout2d)):
                module._modules[child_name] = SharedDropout(child.p, layer, isinstance(child, nn.Dropout2d))
            elif type(child) is nn.BatchNorm2d and group.world > 1:
                whole = GlobalBatchNorm2d(child.num_features, child.eps, child.momentum, child.affine)
                whole.load_state_dict(child.state_dict())
                module._modules[child_name] = whole
    return network.to(group.device)
