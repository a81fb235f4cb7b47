"""The register in, one checked row per document out.

`corpus/register.csv` is the only source of every denominator; what is wrong in it is named by row, and the rows
that are right go on.
"""

from mvoi_nlp.sources._guess import unregistered_source
from mvoi_nlp.sources._register import COLUMNS, Checked, check_register

__all__ = ["COLUMNS", "Checked", "check_register", "unregistered_source"]
