"""The special codes that are told by a pattern, compiled: apart, because a usual look-up never needs them."""

from __future__ import annotations

import re

from .special import SPECIAL_PARTS, SPECIAL_PATTERNS

PATTERNS = tuple((re.compile(pattern), special) for pattern, special in SPECIAL_PATTERNS)
PARTS = tuple((re.compile(pattern), special) for pattern, special in SPECIAL_PARTS)
