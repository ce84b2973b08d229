"""Survey estimation: designs, estimates, their variance, calibration to known totals, when a share may be shown."""
