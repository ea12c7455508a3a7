"""Runs a notebook and fails when a cell does: execute.py NOTEBOOK OUT.ipynb. Exit code 77: Jupyter or a library is not installed."""

import sys
from pathlib import Path

try:
    import ipykernel  # noqa: F401
    import matplotlib  # noqa: F401
    import nbformat
    import pandas  # noqa: F401
    import pyiceberg.catalog  # noqa: F401
    import sqlalchemy  # noqa: F401
    from nbclient import NotebookClient
except ImportError as missing:
    print(f"skipped: {missing}; pip install -r notebooks/requirements.txt", file=sys.stderr)
    sys.exit(77)

source, out = Path(sys.argv[1]), Path(sys.argv[2])
notebook = nbformat.read(source, as_version=4)
NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(source.parent)}}).execute()
nbformat.write(notebook, out)
