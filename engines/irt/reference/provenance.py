"""Writes a reference table with where it comes from in its header."""

import datetime
import pathlib
import platform

TABLES = pathlib.Path(__file__).resolve().parent.parent / "tests" / "reference"


def write(name, columns, rows, script, libraries, seed="none"):
    """`rows` of numbers and words under `columns`; numbers are written so that they read back to the same double."""
    TABLES.mkdir(parents=True, exist_ok=True)
    programs = ", ".join(["Python " + platform.python_version(), *(f"{one.__name__} {one.__version__}" for one in libraries)])
    with open(TABLES / name, "w", encoding="utf-8") as table:
        table.write(f"# program: reference/{pathlib.Path(script).name}\n")
        table.write(f"# version: {programs}\n")
        table.write(f"# seed: {seed}\n")
        table.write(f"# date: {datetime.date.today().isoformat()}\n")
        table.write(",".join(columns) + "\n")
        for row in rows:
            table.write(",".join(text(value) for value in row) + "\n")


def text(value):
    return repr(float(value)) if isinstance(value, float) or hasattr(value, "dtype") else str(value)
