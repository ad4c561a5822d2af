"""`python railway_import_data.py <url>`: `python -m tuotempo_leads.importar` con el nombre del README."""

import sys

from tuotempo_leads.importar import main

if __name__ == "__main__":
    sys.exit(main())
