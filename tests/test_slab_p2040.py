"""ITU-R P.2040: worked losses, limits that physics sets, and materials outside their measured range."""

import numpy as np
import pytest

from smarthan.analysis.propagation.slab_p2040 import MATERIALS, slab_loss_p2040


@pytest.mark.parametrize(
    ("material", "thickness", "f", "more", "loss"),
    [
        ("concrete", 0.15, 3500, {}, 14.5686),
        ("brick", 0.3, 2400, {}, 7.9802),
        ("brick", 0.3, 2400, {"angle_deg": 45}, 8.9658),
        ("brick", 0.3, 2400, {"angle_deg": 45, "polarisation": "tm"}, 7.5768),
        ("glass", 0.006, 868, {}, 0.3683),
    ],
)
def test_worked_losses(material: str, thickness: float, f: float, more: dict[str, object], loss: float) -> None:
    assert float(slab_loss_p2040(material, thickness, f, **more).loss_db) == pytest.approx(loss, abs=5e-5)  # type: ignore[arg-type]


def test_868_mhz_lies_below_the_start_of_most_materials() -> None:
    invalid = {name for name in MATERIALS if not slab_loss_p2040(name, 0.1, 868).valid}
    assert {"concrete", "brick", "plasterboard", "chipboard"} <= invalid
    assert {"wood", "glass"}.isdisjoint(invalid)


@pytest.mark.parametrize("material", sorted(MATERIALS))
def test_a_slab_never_amplifies_and_none_is_no_loss(material: str) -> None:
    losses = np.asarray(slab_loss_p2040(material, [0.0, 0.001, 0.1, 1.0], 2400))
    assert losses[0] == pytest.approx(0, abs=1e-9)
    assert np.isfinite(losses).all()
    assert (losses >= -1e-9).all()


def test_both_polarisations_agree_at_normal_incidence() -> None:
    te, tm = (slab_loss_p2040("brick", 0.2, [1000, 2400], polarisation=p).loss_db for p in ("te", "tm"))
    np.testing.assert_allclose(te, tm)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"material": "straw"}, "'straw' is not one of concrete"),
        ({"thickness_m": -0.1}, "thickness_m"),
        ({"angle_deg": 90}, "below 90"),
        ({"polarisation": "circular"}, "not te or tm"),
        ({"frequency_mhz": 0}, "frequency_mhz"),
    ],
)
def test_wrong_arguments_are_named(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        slab_loss_p2040(**({"material": "brick", "thickness_m": 0.1, "frequency_mhz": 2400} | more))  # type: ignore[arg-type]
