"""Models of measurement from text: read safely, differentiated exactly, compiled for one value or many (GUM 4.1)."""

from chuan.metrology.model.core import Model, SecondOrder

__all__ = ["Model", "SecondOrder"]
