"""All reading, writing and counting; knows no page."""

import os

# The matrices here are tiny: threads of linear algebra wait for each other ten times longer than they work. NumPy
# reads this once, when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A workbook is read through defusedxml, which refuses entities. openpyxl would take lxml instead wherever another
# package has brought it along, which expands them and reads formulas in another way.
os.environ["OPENPYXL_LXML"] = "False"
