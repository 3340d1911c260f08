"""What is known of a measurement before it is computed: inputs, correlations, blocks, and Type A evaluation."""

from chuan.metrology.inputs.measurement import Group, Measurement, Structure
from chuan.metrology.inputs.quantities import Component, Correlation, Input, Simultaneous
from chuan.metrology.inputs.type_a import TypeA, type_a

__all__ = [
    "Component",
    "Correlation",
    "Group",
    "Input",
    "Measurement",
    "Simultaneous",
    "Structure",
    "TypeA",
    "type_a",
]
