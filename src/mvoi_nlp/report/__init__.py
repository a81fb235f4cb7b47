"""Reviewed cells in; the nine figures of the yearly analysis, as page, workbook, pictures and tables, out.

Denominators come from the register alone. Every number carries the documents and sentences behind it.
"""

from mvoi_nlp.report._compare import Change, changed_cells, changed_counts, counts_of
from mvoi_nlp.report._count import build_report
from mvoi_nlp.report._rows import Bar, Entry, Figure, Material, Report, Series
from mvoi_nlp.report._write import write_report

__all__ = [
    "Bar",
    "Change",
    "Entry",
    "Figure",
    "Material",
    "Report",
    "Series",
    "build_report",
    "changed_cells",
    "changed_counts",
    "counts_of",
    "write_report",
]
