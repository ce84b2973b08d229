"""The points of the postcodes, and who owns a shared one."""

import pandas as pd

from smarthan.coverage.geography.points import Points


def make(*rows: tuple[str, int | None, int | None]) -> Points:
    frame = pd.DataFrame(rows, columns=["sector", "easting", "northing"])
    frame = frame.astype({"sector": "category", "easting": "Int32", "northing": "Int32"})
    return Points(frame)


def owners(points: Points) -> list[str]:
    return points.postcodes["sector"].cat.categories[points.owners("sector")].tolist()


def test_points_are_distinct_and_run_from_south_to_north() -> None:
    points = make(("A", 5, 9), ("A", 7, 3), ("B", 5, 9), ("B", None, None))
    assert points.xy.tolist() == [[7, 3], [5, 9]]
    assert points.located.tolist() == [True, True, True, False]
    assert points.of_postcode.tolist() == [1, 0, 1]


def test_most_postcodes_own_a_point() -> None:
    assert owners(make(("A", 1, 1), ("B", 1, 1), ("B", 1, 1), ("B", 2, 2), ("B", 3, 3))) == ["B", "B", "B"]


def test_of_equals_the_one_at_fewer_points_owns_it() -> None:
    assert owners(make(("A", 1, 1), ("B", 1, 1), ("A", 2, 2))) == ["B", "A"]


def test_of_equals_at_as_many_points_the_alphabet_decides() -> None:
    assert owners(make(("B", 1, 1), ("A", 1, 1))) == ["A"]


def test_a_northing_of_seven_digits_keeps_its_easting() -> None:
    assert make(("A", 441_000, 1_207_000)).xy.tolist() == [[441_000, 1_207_000]]
