"""Writing network documents."""


def layer(layer_id, kind, inputs=None, **params):
    """`inputs` are ids of earlier layers; without them the layer before enters."""
    return {"id": layer_id, "kind": kind, "params": params, **({"inputs": inputs} if inputs else {})}


def network(name, size, layers):
    """The layers after an input of `size` = (height, width, channels)."""
    height, width, channels = size
    chain = [layer("input", "input", height=height, width=width, channels=channels), *layers]
    for before, after in zip([None, *chain], chain):
        after.setdefault("inputs", [before["id"]] if before else [])
    return {"format": "convscope.network", "version": 1, "name": name, "layers": chain}
