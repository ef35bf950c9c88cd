"""Where a training step's time goes: runs the graph that the app runs under TensorFlow's tracer, op by op."""

import json
import os
import sys
from collections import defaultdict

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
tf1.disable_eager_execution()
path = sys.argv[1]
with open(f"{path}.json") as file:
    info = json.load(file)
from tensorflow.core.protobuf import saved_model_pb2

model = saved_model_pb2.SavedModel()
with open(path, "rb") as file:
    model.ParseFromString(file.read())
graph_def = model.meta_graphs[0].graph_def
rng = np.random.default_rng(1)
steps = 30

with tf.Graph().as_default() as graph:
    tf.import_graph_def(graph_def, name="")
    with tf1.Session(graph=graph) as session:
        for op in graph.get_operations():
            if op.type == "AssignVariableOp" and op.name.startswith("variables/"):
                feed = op.inputs[1]
                shape = feed.shape.as_list()
                high = 10 if "labels" in op.name else 256
                integers = feed.dtype != tf.float32
                small = rng.integers(0, high, shape) if integers else 0.05 * np.abs(rng.standard_normal(shape))
                session.run(op, {feed: small.astype(feed.dtype.as_numpy_dtype)})
        name = lambda out: f"{out['node']}:{out['index']}"
        fetches = [name(out) for out in info["fetches"]]

        def feeds():
            batch = rng.permutation(info["count"])[: info["batchSize"]].astype(np.int32)
            hyper = np.array([1e-3, 0.5, 0.5, 1e-8], np.float32)
            return {name(info["feeds"]["indices"]): batch, name(info["feeds"]["hyperparameters"]): hyper}

        for _ in range(10):
            session.run(fetches, feeds())
        options = tf1.RunOptions(trace_level=tf1.RunOptions.SOFTWARE_TRACE)
        spent = defaultdict(float)
        for _ in range(steps):
            metadata = tf1.RunMetadata()
            session.run(fetches, feeds(), options=options, run_metadata=metadata)
            for device in metadata.step_stats.dev_stats:
                for node in device.node_stats:
                    kind = node.timeline_label.split(" = ")[-1].split("(")[0]
                    spent[f"{node.node_name} ({kind})"] += node.op_end_rel_micros - node.op_start_rel_micros

total = sum(spent.values())
print(f"\nBatch {info['batchSize']}: {total / steps / 1000:.2f} ms of op time a step, ops may overlap")
for label, micros in sorted(spent.items(), key=lambda item: -item[1])[:24]:
    print(f"{micros / steps / 1000:8.2f} ms {100 * micros / total:5.1f} %  {label}")
