"""Tags and cells against hand labels in; scores with intervals, calibration and errors with their cause out."""

from mvoi_nlp.validation._causes import SAID
from mvoi_nlp.validation._measure import Material, Validated, validate
from mvoi_nlp.validation._reliability import draw_reliability

__all__ = ["SAID", "Material", "Validated", "draw_reliability", "validate"]
