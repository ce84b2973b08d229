"""The OpenAPI document of the machine interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

_ABOUT = (
    "WAN coverage of smart meters in Great Britain. Three different things: 200 answered, also where there is no "
    "coverage; 404 well-formed but unknown, each kind with its own code; 422 malformed. Answers are cached by release: "
    "send the ETag back as If-None-Match. Every error has a machine code and a sentence."
)


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application, with the two ways of sending a key."""
    app.description = _ABOUT
    document: dict[str, Any] = app.openapi()
    document["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "the key"},
        "basic": {"type": "http", "scheme": "basic", "description": "any name, the key as password"},
    }
    document["security"] = [{}, {"bearer": []}, {"basic": []}]
    for methods in document["paths"].values():
        for operation in methods.values():
            # The framework adds a 422 of its own form; ours stands where a route can give one.
            told = operation["responses"]
            if "HTTPValidationError" in str(told.get("422")):
                del told["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document
