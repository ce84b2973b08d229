"""The order in which a trial's rules run: cells, rows, references, and last the flags on what was accepted."""

from __future__ import annotations

from collections.abc import Callable

from . import cells, fieldwork, geometry, instrument_words, keys, personal_keys, privacy, radio
from .workset import Workset

# Nulls first, for the rules after them must not read a withheld or senseless cell. Rejection of children follows all
# other rejections. Flags come last, for they speak only of accepted rows.
STAGES: tuple[Callable[[Workset], None], ...] = (
    privacy.withhold_personal_text,
    instrument_words.read_instrument_words,
    radio.check_sign,
    cells.require_by_kind,
    cells.check_weights,
    cells.check_order,
    cells.check_packets,
    cells.check_dates,
    cells.check_leading_zeros,
    personal_keys.reject_personal_keys,
    radio.check_status,
    radio.reject_below_floor,
    radio.reject_frequency,
    geometry.check_ends,
    geometry.check_floor,
    keys.check_duplicates,
    keys.check_fixed_properties,
    keys.check_orphans,
    keys.reject_children,
    radio.flag_limits,
    radio.flag_frequency_unit,
    radio.flag_uncalibrated,
    geometry.flag_distance,
    fieldwork.flag_constant_levels,
    fieldwork.flag_last_digits,
    fieldwork.flag_travel,
    fieldwork.flag_weights,
    fieldwork.flag_strata,
)


def apply_rules(work: Workset) -> None:
    """Apply every rule to the working rows of a trial."""
    for rule in STAGES:
        rule(work)
