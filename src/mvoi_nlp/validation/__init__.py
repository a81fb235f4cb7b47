"""Tags and cells against hand labels in; scores with intervals, calibration and the list of errors out."""

from mvoi_nlp.validation._measure import COUNTED_ROLES, SAID, Validated, validate

__all__ = ["COUNTED_ROLES", "SAID", "Validated", "validate"]
