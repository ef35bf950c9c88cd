"""Continues the run from its checkpoint.

    python train.py --data FOLDER
    torchrun --nproc_per_node=2 train.py --data FOLDER

FOLDER holds the four IDX files; without it torchvision downloads them.
"""

import argparse
import json
import math
import pathlib

import torch
from torch import nn

import checkpoint
import data
from distributed import Batch, Group, prepare
from history import History
from model import build_network
from schedule import epoch_done, learning_rate_at

HERE = pathlib.Path(__file__).resolve().parent
EVALUATED = 256


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder with the four IDX files")
    parser.add_argument("--checkpoint", type=pathlib.Path, help="folder to continue from; the newest where absent")
    parser.add_argument("--output", type=pathlib.Path, default=HERE / "continued", help="folder that is written")
    parser.add_argument("--epochs", type=int, help="of the whole run, those before included")
    parser.add_argument("--steps", type=int, help="stop after so many further steps")
    parser.add_argument("--device", choices=["cpu", "cuda"], help="the graphics card where there is one")
    parser.add_argument("--double", action="store_true", help="compute in 64 bits")
    return parser.parse_args()


class Loss:
    """The run's loss. Summed over a part of a batch and divided by the whole batch's weight, so that parts add up."""

    def __init__(self, config, classes, class_weights):
        self.config, self.classes, self.class_weights = config["loss"], classes, class_weights

    def weight_of(self, labels):
        """What a sum is divided by: the pictures' number, or their classes' weights together."""
        return float(len(labels)) if self.class_weights is None else self.class_weights[labels].sum().item()

    def summed(self, logits, labels):
        if self.config["type"] == "mse":
            targets = nn.functional.one_hot(labels, self.classes).to(logits.dtype)
            return ((logits - targets) ** 2).mean(1).sum()
        smoothing = self.config["label_smoothing"]
        return nn.functional.cross_entropy(
            logits, labels, self.class_weights, reduction="sum", label_smoothing=smoothing
        )


class Training:
    """One run on one process, or on its part of it."""

    def __init__(self, run, options, group):
        self.run, self.options, self.group = run, options, group
        self.config = {**run["config"], "epochs": options.epochs or run["config"]["epochs"]}
        self.dtype = torch.float64 if options.double else torch.float32
        Batch.seed = self.config["seed"]
        self.pictures = self.read(train=True)
        share, seed = self.config["validation_split"], self.config["seed"]
        self.training, self.validation = data.split(len(self.pictures), share, seed)
        self.steps_per_epoch = math.ceil(len(self.training) / self.config["batch_size"])
        self.network = prepare(build_network().to(self.dtype), group)
        self.optimizer = checkpoint.make_optimizer(self.config, self.network.parameters())
        newest = options.output if options.output.exists() else HERE / "checkpoint"
        start = options.checkpoint or newest
        self.state, self.best = checkpoint.load(start, self.network, self.optimizer)
        self.history = History.load(start)
        # A bias in front of BatchNorm changes nothing that follows: its gradient is zero but for rounding, which
        # optimizers like Adam blow up to whole steps.
        idle = set(run["idle_biases"])
        self.idle = [value for name, value in self.network.named_parameters() if name in idle]
        self.loss = Loss(self.config, run["classes"], self.class_weights())
        self.done = 0

    def read(self, train):
        return data.Pictures(self.run, self.options.data, train, self.group.device, self.dtype)

    def class_weights(self):
        chosen = self.config["class_weights"]
        if chosen is None:
            return None
        if chosen == "balanced":
            labels = self.pictures.labels[torch.from_numpy(self.training).to(self.group.device)]
            counts = torch.bincount(labels, minlength=self.run["classes"]).to(self.dtype)
            weights = len(labels) / (self.run["classes"] * counts)
            return torch.where(counts > 0, weights, torch.ones_like(weights))
        return torch.tensor(chosen, dtype=self.dtype, device=self.group.device)

    def rate(self, step):
        """Of a step that counts from 0 over the whole run."""
        total_steps = self.steps_per_epoch * self.config["epochs"]
        reductions = self.state["loop"]["plateau"]["reductions"]
        return learning_rate_at(self.config, step, self.steps_per_epoch, total_steps, reductions)

    def step(self, positions, epoch):
        """One optimizer step on a whole batch."""
        Batch.step, Batch.total = self.state["step"] + 1, len(positions)
        Batch.start, Batch.stop = self.group.share(len(positions))
        rate = self.rate(self.state["step"])
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        weight = self.loss.weight_of(self.pictures.labels[torch.from_numpy(positions).to(self.group.device)])
        pictures, labels = self.pictures.take(positions[Batch.start : Batch.stop])
        logits = self.network(pictures)
        # Labels that weigh nothing together teach nothing.
        part = self.loss.summed(logits, labels) / (weight or 1.0)
        loss, right = self.group.total(part.item(), (logits.argmax(1) == labels).sum().item())
        require_finite(loss, f"The loss of step {Batch.step}")
        self.optimizer.zero_grad()
        part.backward()
        self.group.sum_gradients(self.network)
        for bias in self.idle:
            bias.grad.zero_()
        if self.config["clip_norm"] is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), self.config["clip_norm"])
        self.optimizer.step()
        self.done += 1
        self.history.add(kind="step", step=Batch.step, epoch=epoch, loss=loss, learning_rate=rate)
        loop = self.state["loop"]
        sums = loop["epoch"]
        sums = {**sums, "loss": sums["loss"] + loss * len(positions), "correct": int(sums["correct"] + right)}
        step_in_epoch = self.state["step_in_epoch"] + 1
        self.state.update(step=Batch.step, step_in_epoch=step_in_epoch, loop={**loop, "epoch": sums})

    def wants_more(self):
        return self.options.steps is None or self.done < self.options.steps

    def epoch(self):
        """The rest of the epoch at hand. False where it was left before its end."""
        number = self.state["epoch"] + 1
        order = data.epoch_order(self.training, self.config, number)
        size = self.config["batch_size"]
        self.network.train()
        for start in range(self.state["step_in_epoch"] * size, len(order), size):
            if not self.wants_more():
                return False
            self.step(order[start : start + size], number)
        sums = self.state["loop"]["epoch"]
        train = (sums["loss"] / len(order), sums["correct"] / len(order))
        watched = self.evaluate(self.pictures, self.validation) if len(self.validation) else None
        self.history.add_epoch(number, self.state["step"], train, watched, self.rate(self.state["step"] - 1))
        loop = epoch_done(self.state["loop"], number, watched or train, self.config)
        if loop["best"]["epoch"] == number:
            self.best = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.state.update(epoch=number, step_in_epoch=0, loop=loop)
        self.say(f"epoch {number}: loss {train[0]:.4f}" + (f", validation {shown(watched)}" if watched else ""))
        return True

    def evaluate(self, pictures, positions):
        """Mean loss and share of right answers."""
        self.network.eval()
        loss, right, weight = 0.0, 0, 0.0
        start, stop = self.group.share(len(positions))
        with torch.no_grad():
            for first in range(start, stop, EVALUATED):
                taken, labels = pictures.take(positions[first : min(first + EVALUATED, stop)])
                logits = self.network(taken)
                loss += self.loss.summed(logits, labels).item()
                weight += self.loss.weight_of(labels)
                right += (logits.argmax(1) == labels).sum().item()
        loss, right, weight = self.group.total(loss, right, weight)
        require_finite(loss, "The loss of validation or test")
        return loss / (weight or 1.0), right / len(positions)

    def save(self):
        if self.group.rank == 0:
            checkpoint.save(self.options.output, self.network, self.optimizer, self.state, self.best, self.history)
        self.group.wait()

    def say(self, text):
        if self.group.rank == 0:
            print(text, flush=True)

    def go(self):
        if self.state["epoch"] >= self.config["epochs"]:
            self.say(f"All {self.config['epochs']} epochs are done; --epochs N goes on to N.")
        if self.state["loop"]["stoppedEarly"]:
            stopping = {**self.state["loop"]["stopping"], "waited": 0}
            self.state["loop"] = {**self.state["loop"], "stopping": stopping, "stoppedEarly": False}
        while self.state["epoch"] < self.config["epochs"] and self.wants_more():
            whole = self.epoch()
            self.save()
            if whole and self.state["loop"]["stoppedEarly"]:
                self.say("stopped early: it has not become better for too long")
                break
        if self.state["epoch"] >= self.config["epochs"] or self.state["loop"]["stoppedEarly"]:
            self.restore_best()
        test = self.read(train=False)
        self.say(f"test {shown(self.evaluate(test, data.np.arange(len(test))))}")
        self.say(f"step {self.state['step']}: {self.options.output}")

    def restore_best(self):
        """The test is made with the best epoch's weights where early stopping asks for them, however the run ended."""
        rule, best = self.config["early_stopping"], self.state["loop"]["best"]
        if rule is None or not rule["restore_best"] or best is None or best["epoch"] == self.state["epoch"]:
            return
        if self.best is None:
            self.say(f"The weights of the best epoch, {best['epoch']}, are not in this project.")
            return
        self.network.load_state_dict(self.best)
        self.say(f"back to the weights of the best epoch, {best['epoch']}: best.safetensors")


def require_finite(loss, what):
    if not math.isfinite(loss):
        raise SystemExit(f"{what} is {loss}. What was saved before is as it was; try a lower learning rate.")


def shown(score):
    return f"loss {score[0]:.4f}, accuracy {score[1]:.4f}"


def main():
    options = read_options()
    group = Group(options.device)
    Training(json.loads((HERE / "run.json").read_text()), options, group).go()
    group.leave()


if __name__ == "__main__":
    main()
