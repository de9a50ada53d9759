"""The contract of a feature that is no part of the public one. `python -m app.apart plug` prints it."""

import sys
from importlib import import_module

from fastapi import FastAPI

from app import contract
from app.main import operation_id

if __name__ == "__main__":
    [_, feature] = sys.argv
    app = FastAPI(title=feature, version="1", generate_unique_id_function=operation_id)
    app.include_router(import_module(f"app.{feature}.routes").router, prefix="/api/v1")
    sys.stdout.write(contract.text(contract.document(app, {})))
