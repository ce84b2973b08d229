"""The seven attributes that a bulk look-up returns: words, each from a short list.

The eighth, a day, is left to the single keys: pandas has no day of less than eight bytes, polars one of four.
"""

ATTRIBUTES = ("state", "csp_region", "region_code", "wan_technology", "wan_group", "likelihood", "auxiliary")
DAY = "anticipated"
