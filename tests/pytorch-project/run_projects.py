"""Runs the train.py of exported projects, one after another: run_projects.py PROJECT [ARGUMENT...] -- PROJECT ...

One process for all of them, since importing PyTorch takes longer than these trainings.
"""

import os
import runpy
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["OMP_NUM_THREADS"] = "1"

own = {"checkpoint", "data", "distributed", "history", "model", "schedule"}


def main():
    jobs = [[]]
    for argument in sys.argv[1:]:
        if argument == "--":
            jobs.append([])
        else:
            jobs[-1].append(argument)
    for folder, *arguments in jobs:
        for name in own:
            sys.modules.pop(name, None)
        sys.path.insert(0, folder)
        sys.argv = ["train.py", *arguments]
        runpy.run_path(os.path.join(folder, "train.py"), run_name="__main__")
        sys.path.remove(folder)


main()
