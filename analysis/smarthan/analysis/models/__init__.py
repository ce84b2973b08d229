"""Models that estimators need beside the design: censored levels, buildings with a level of their own, imputations."""
