"""Weights, optimizer state and position in a folder, as Convscope writes them."""

import json
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save_file


def make_optimizer(config, parameters):
    """As torch.optim names them."""
    chosen, rate = config["optimizer"], config["learning_rate"]
    kind, decay = chosen["type"], chosen["weight_decay"]
    if kind in ("adam", "adamw"):
        optimizer = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
        betas = (chosen["beta1"], chosen["beta2"])
        return optimizer(parameters, lr=rate, betas=betas, eps=chosen["eps"], weight_decay=decay)
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, alpha=chosen["alpha"], eps=chosen["eps"], weight_decay=decay)
    momentum = chosen.get("momentum", 0.0)
    # Without momentum there is nothing to look ahead by, which torch.optim refuses.
    nesterov = kind == "nesterov" and momentum > 0
    return torch.optim.SGD(parameters, lr=rate, momentum=momentum, nesterov=nesterov, weight_decay=decay)


def optimizer_state_dict(network, optimizer, tensors):
    """What `optimizer.load_state_dict` takes, from slots by name such as `conv1.weight.exp_avg` and the number of steps."""
    steps = float(tensors["step"])
    state = {}
    for number, (name, _) in enumerate(network.named_parameters()):
        prefix = f"{name}."
        slots = {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}
        if slots and steps > 0:
            state[number] = slots
            if "momentum_buffer" not in slots:
                slots["step"] = torch.tensor(steps)
    return {"state": state, "param_groups": optimizer.state_dict()["param_groups"]}


def slots_of(network, optimizer, steps):
    """The reverse of `optimizer_state_dict`."""
    tensors = {"step": torch.tensor(float(steps))}
    parameters = list(network.named_parameters())
    for number, slots in optimizer.state_dict()["state"].items():
        for slot, value in slots.items():
            if slot != "step" and value is not None:
                tensors[f"{parameters[number][0]}.{slot}"] = value
    return tensors


def load(folder, network, optimizer):
    """Fills network and optimizer; gives where the run stood, and the weights of its best epoch where they are kept."""
    folder = pathlib.Path(folder)
    network.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
    if (folder / "optimizer.safetensors").exists():
        slots = load_file(folder / "optimizer.safetensors")
        optimizer.load_state_dict(optimizer_state_dict(network, optimizer, slots))
    state = json.loads((folder / "state.json").read_text())
    best = state["loop"]["best"]
    if (folder / "best.safetensors").exists():
        return state, load_file(folder / "best.safetensors")
    if best is not None and best["epoch"] == state["epoch"] and state["step_in_epoch"] == 0:
        return state, {name: value.detach().clone() for name, value in network.state_dict().items()}
    return state, None


def save(folder, network, optimizer, state, best, history):
    """All of it or nothing: the folder before stays until the new one is whole."""
    folder = pathlib.Path(folder)
    unfinished = folder.with_name(f".{folder.name}.part")
    outdated = folder.with_name(f".{folder.name}.old")
    for leftover in (unfinished, outdated):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished.mkdir(parents=True)
    save_weights(unfinished / "weights.safetensors", network.state_dict())
    save_weights(unfinished / "optimizer.safetensors", slots_of(network, optimizer, state["step"]))
    if best is not None:
        save_weights(unfinished / "best.safetensors", best)
    history.save(unfinished)
    (unfinished / "state.json").write_text(json.dumps(state, indent=2) + "\n")
    if folder.exists():
        folder.rename(outdated)
    unfinished.rename(folder)
    shutil.rmtree(outdated, ignore_errors=True)


def save_weights(path, tensors):
    """As float32; PyTorch's counters of batches, which nothing reads, are left out."""
    kept = {
        name: value.detach().to("cpu", torch.float32).contiguous().clone()
        for name, value in tensors.items()
        if not name.endswith("num_batches_tracked")
    }
    save_file(kept, path, {"format": "pt"})
