"""The recipe of `nl_mvoi_core`: from treebanks and policy text to an installable spaCy package.

`python -m models.training --help` lists the steps; README.md beside this file tells what each rests on.
"""
