"""The seven attributes that a bulk look-up returns."""

WORDS = ("state", "csp_region", "wan_technology", "wan_group", "likelihood", "auxiliary")
ATTRIBUTES = (*WORDS, "anticipated")  # the last one is a day
