"""The curves of the training, in the columns of Convscope's metrics as CSV."""

import csv
import pathlib

FILE = "history.csv"
COLUMNS = ["kind", "step", "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate"]


class History:
    """A row for each step and one for each epoch, told apart by `kind`."""

    def __init__(self, rows):
        self.rows = rows

    @classmethod
    def load(cls, folder):
        file = pathlib.Path(folder) / FILE
        if not file.exists():
            return cls([])
        with file.open(newline="") as lines:
            return cls(list(csv.DictReader(lines)))

    def add(self, **row):
        self.rows.append(row)

    def add_epoch(self, epoch, step, train, validation, rate):
        """`train` and `validation` are loss and accuracy; the latter may be None."""
        (loss, accuracy), (validation_loss, validation_accuracy) = train, validation or ("", "")
        self.add(
            kind="epoch",
            step=step,
            epoch=epoch,
            loss=loss,
            accuracy=accuracy,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            learning_rate=rate,
        )

    def save(self, folder):
        with (pathlib.Path(folder) / FILE).open("w", newline="") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(self.rows)
