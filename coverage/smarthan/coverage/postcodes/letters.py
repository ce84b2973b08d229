"""The letters that may stand in each place of a postcode of Great Britain; what `rules` and `faults` are made of.

Royal Mail's letter rules (studylib.net/doc/18359331; BS7666 schema; ILR Appendix C), with P in third place: the BS7666
pattern lacks it and would refuse all of N1P.
"""

from __future__ import annotations

DIGITS = "0123456789"
FIRST = "ABCDEFGHIJKLMNOPRSTUWYZ"
SECOND = "ABCDEFGHKLMNOPQRSTUVWXY"
THIRD = "ABCDEFGHJKPSTUW"  # after one letter and a digit
FOURTH = "ABEHMNPRVWXY"  # after two letters and a digit
INWARD = "ABDEFGHJLNPQRSTUWXYZ"


def is_outward(text: str) -> bool:
    """Return whether folded text has one of the six shapes of an outward code, each letter in a place it may have.

    Examples
    --------
    >>> is_outward("N1P"), is_outward("EC1A"), is_outward("N1I"), is_outward("QC1")
    (True, True, False, False)
    """
    if not 2 <= len(text) <= 4 or text[0] not in FIRST:
        return False
    if text[1] in DIGITS:
        return len(text) == 2 or (len(text) == 3 and (text[2] in DIGITS or text[2] in THIRD))
    if text[1] not in SECOND or len(text) == 2 or text[2] not in DIGITS:
        return False
    return len(text) == 3 or text[3] in DIGITS or text[3] in FOURTH


def is_inward(text: str) -> bool:
    """Return whether folded text is a digit and two letters that may end a postcode."""
    return len(text) == 3 and text[0] in DIGITS and text[1] in INWARD and text[2] in INWARD
