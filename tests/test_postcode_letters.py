"""The letters of each place: the plain rules equal the expressions made of them."""

import re
from itertools import product

from smarthan.coverage.postcodes.faults import INWARD, OUTWARD
from smarthan.coverage.postcodes.letters import is_inward, is_outward

SAMPLE = "AIJOPQVXZMC019 -a"


def test_plain_rules_equal_the_expressions() -> None:
    outward, inward = re.compile(OUTWARD), re.compile(INWARD)
    for length in range(6):
        for letters in product(SAMPLE if length < 4 else "AIPQ09 ", repeat=length):
            text = "".join(letters)
            assert is_outward(text) == bool(outward.fullmatch(text)), text
            assert is_inward(text) == bool(inward.fullmatch(text)), text
