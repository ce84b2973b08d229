"""An input is read, never written over."""

from pathlib import Path

import pytest

from smarthan.commands.checks import check_coverage
from smarthan.commands.opened import check_target
from smarthan.commands.outcome import Refused

RELEASE = "postcode,csp_region,available,wan_technology\nSW1A 1AA,South,true,Cellular\nX,South,true,Cellular\n"


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(RELEASE)
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    for target in (path, link):
        with pytest.raises(Refused, match="is the input itself"):
            check_coverage(path, rejects=target)
        with pytest.raises(Refused, match="is the input itself"):
            check_target(target, inputs=[path])
    with pytest.raises(Refused, match="or a file of it"):
        check_target(path, inputs=[tmp_path])
    assert path.read_text() == RELEASE


def test_a_new_file_beside_the_input_is_welcome(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(RELEASE)
    check_target(tmp_path / "out.csv", inputs=[path, tmp_path])
    assert check_coverage(path, rejects=tmp_path / "rejects.csv").code == 1
