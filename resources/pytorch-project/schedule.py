"""The learning rate of each step, and when to stop early."""

import math


def along(start, end, share):
    """From start to end along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def scheduled_rate(config, step, steps_per_epoch, total_steps, reductions):
    base, schedule = config["learning_rate"], config["schedule"]
    kind = schedule["type"]
    if kind == "step":
        return base * schedule["gamma"] ** (step // steps_per_epoch // schedule["step_size"])
    if kind == "cosine":
        return along(base, schedule["min_rate"], step / total_steps)
    if kind == "one-cycle":
        first = base / schedule["div_factor"]
        top = schedule["pct_start"] * total_steps - 1
        if step <= top:
            return along(first, base, step / top) if top > 0 else base
        return along(base, first / schedule["final_div_factor"], (step - top) / (total_steps - 1 - top))
    if kind == "plateau":
        return max(base * schedule["factor"] ** reductions, min(base, schedule["min_rate"]))
    return base


def learning_rate_at(config, step, steps_per_epoch, total_steps, reductions):
    """Of a step that counts from 0 over the whole run."""
    rate = scheduled_rate(config, step, steps_per_epoch, total_steps, reductions)
    warmup = config["warmup_steps"]
    return rate * (step + 1) / warmup if step < warmup else rate


def epoch_done(loop, epoch, score, config):
    """What the run remembers after an epoch; `score` is loss and accuracy of validation, else of training."""
    loss, accuracy = score
    schedule, rule = config["schedule"], config["early_stopping"]
    upwards = rule is not None and rule["monitor"] == "accuracy"
    value = accuracy if upwards else loss
    loop = {**loop, "epoch": {"loss": 0, "correct": 0, "seconds": 0}}
    if schedule["type"] == "plateau":
        loop["plateau"] = reduce_on_plateau(loop["plateau"], loss, schedule)
    if rule is not None:
        loop["stopping"] = watch(loop["stopping"], value, upwards, rule["min_delta"])
        loop["stoppedEarly"] = loop["stopping"]["waited"] >= rule["patience"]
    if is_best(loop, value, rule):
        loop["best"] = {"epoch": epoch, "value": value}
    return loop


def is_best(loop, value, rule):
    """With early stopping what it counts as a gain, as Keras does; else any lower loss."""
    if rule is not None:
        return loop["stopping"]["waited"] == 0
    return loop["best"] is None or value < loop["best"]["value"]


def watch(state, value, upwards, min_delta):
    """As keras.callbacks.EarlyStopping."""
    best = state["best"]
    gain = math.inf if best is None else (value - best if upwards else best - value)
    return {"best": value, "waited": 0} if gain > min_delta else {"best": best, "waited": state["waited"] + 1}


def reduce_on_plateau(state, loss, schedule):
    """As torch.optim.lr_scheduler.ReduceLROnPlateau with a relative threshold and no cool-down."""
    best, waited, reductions = state["best"], state["waited"], state["reductions"]
    if best is None or loss < best * (1 - schedule["threshold"]):
        return {"best": loss, "waited": 0, "reductions": reductions}
    if waited + 1 > schedule["patience"]:
        return {"best": best, "waited": 0, "reductions": reductions + 1}
    return {"best": best, "waited": waited + 1, "reductions": reductions}
