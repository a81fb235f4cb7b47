"""Find what Dutch MVOI plans and reports say, and show an analyst where it doubts.

Start at :mod:`mvoi_nlp.api` (Python) or ``mvoi --help`` (command line).
"""
