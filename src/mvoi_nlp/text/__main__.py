"""The process that reads documents for `mvoi_nlp.text`; it is started by that module, not by people."""

import sys

from mvoi_nlp.text._guard import serve
from mvoi_nlp.text._read import answer_question

if __name__ == "__main__":
    serve(answer_question, int(sys.argv[1]))
