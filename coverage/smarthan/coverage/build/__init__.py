"""Building the package data again from the official files: `python -m smarthan.coverage.build reference --help`."""
