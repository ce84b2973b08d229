"""The OpenAPI document against the service: whatever it allows to be asked is answered as it says."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.service_client import key_of, make_matrix, roles_with_keys, run_service

# A body or an address beyond the limits is refused as such before it is looked at. Two things OpenAPI cannot say: as
# many UPRNs as postcodes, and what a Request WAN Matrix is.
SETTINGS = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 422, 428, 429]

[[operations]]
include-path = "/v1/coverage:batch"
checks.positive_data_acceptance.enabled = false

[[operations]]
include-path = "/v1/duis"
checks.positive_data_acceptance.enabled = false
"""


@pytest.mark.slow
def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(SETTINGS, encoding="utf-8")
    program = Path(sys.executable).with_name("schemathesis")
    with run_service(make_matrix(tmp_path), roles=roles_with_keys(tmp_path)) as running:
        done = subprocess.run(
            [
                *(str(program), "--config-file", "schemathesis.toml", "run", f"{running.url}/openapi.json"),
                *("--header", f"Authorization: Bearer {key_of('IS')}", "--seed", "1", "--max-examples", "50"),
                *("--phases", "examples,coverage,fuzzing"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=300,
        )
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Tested: 11" in done.stdout
