"""Tags and cells against hand labels in; scores with intervals, calibration and the list of errors out."""

from mvoi_nlp.validation._measure import SAID, Validated, validate

__all__ = ["SAID", "Validated", "validate"]
