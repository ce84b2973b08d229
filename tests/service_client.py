"""The service on a loopback port, and a client that asks it: what the tests of the service share."""

import contextlib
import hashlib
import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from smarthan.coverage import CoverageMatrix, read_matrix
from smarthan.service import AuditLog, Roles, Service, ServiceLimits, create_app, read_roles
from smarthan.service.server import configure, make_server

KEY = "a-key-of-the-tests"
# Every kind of answer on a few postcodes of Gwynedd; text that a page or a spreadsheet must not run.
ROWS = """\
postcode,uprn,address_identifier,csp_region,region_code,available,anticipated,wan_technology,likelihood,auxiliary,info,\
premises,premises_available
LL57 2DG,,,Central,I0,true,,Cellular + mesh,Medium,,,12,12
LL57 2DG,,,4G Central,I0,true,,4G,Low,Aerial T1,,12,12
LL57 2DH,,,Central,I0,false,2027-03-31,Cellular,Low,,,20,0
LL57 2DL,,,Central,I0,false,2026-01-31,Cellular,High,,,8,0
LL57 2DN,,,Central,I0,false,,Cellular,High,,<script>alert(1)</script>,5,0
LL57 2DP,,,Central,E62,,,,,,,3,
LL57 2DR,,,Central,I0,true,,Cellular,Medium,,,10,4
LL57 2DS,100100000001,,Central,I0,true,,Cellular,High,,first floor,,
LL57 2DS,100100000002,,Central,I0,false,,Cellular,Low,,,,
LL57 2DT,,FLAT 1,Central,I0,true,,Cellular,High,,,,
LL57 2DT,,,Central,I0,false,,Cellular,Low,,,6,0
LL56 4AA,,,Central,I0,true,,Cellular,High,,,9,9
SW1A 1AA,,,South,I0,true,,Cellular,High,,,1,1
"""


def make_matrix(folder: Path, *, rows: str = ROWS, as_of: str = "2026-11-02", release_id: str = "r1") -> CoverageMatrix:
    """Return the matrix of the tests."""
    path = folder / f"{release_id}.csv"
    path.write_text(rows, encoding="utf-8")
    read = read_matrix(path, as_of=as_of, release_id=release_id)
    assert read.quarantine.empty, read.quarantine
    return read.matrix


def roles_with_keys(folder: Path, more: str = "") -> Roles:
    """Return the shipped roles, each with a key and without a limit a second; `more` is added to the file."""
    shipped = Path(read_roles().path).read_text(encoding="utf-8")
    keys = "".join(key_table(name) for name in read_roles().roles)
    path = folder / "roles.toml"
    path.write_text(shipped + keys + more, encoding="utf-8")
    found = read_roles(path)
    patient = {name: replace(role, per_second=1_000_000) for name, role in found.roles.items()}
    return replace(found, roles=patient)


def key_of(role: str) -> str:
    return f"key-{role}"


def key_table(role: str) -> str:
    """Return the key of a role as a roles file holds it."""
    digest = hashlib.sha256(key_of(role).encode()).hexdigest()
    return f'\n[[key]]\nid = "test-{role}"\nrole = "{role}"\nsha256 = "{digest}"\n'


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


@dataclass(frozen=True)
class Running:
    """A service that runs, and where."""

    host: str
    port: int
    service: Service
    connection: http.client.HTTPConnection

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(
        self, path: str, *, method: str = "GET", key: str | None = None, body: bytes | None = None, **headers: str
    ) -> Answered:
        """Ask once; `content_type=...` is sent as Content-Type."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        for _ in range(2):
            try:
                self.connection.request(method, path, body=body, headers=sent)
                reply = self.connection.getresponse()
                return Answered(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
            except (http.client.RemoteDisconnected, ConnectionError):  # the service has closed it meanwhile
                self.connection.close()
        raise AssertionError("the service hangs up")

    def post_json(self, path: str, document: object, **options: Any) -> Answered:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.ask(path, method="POST", body=body, content_type="application/json", **options)


@contextlib.contextmanager
def run_service(
    place: Any,
    *,
    roles: Roles | None = None,
    audit: AuditLog | None = None,
    limits: ServiceLimits | None = None,
) -> Iterator[Running]:
    """Run a service in a thread of this process, by uvicorn, until the block is left."""
    limits = limits or ServiceLimits(refresh_s=0.05)
    service = create_app(place, roles=roles, audit=audit, limits=limits)
    told: list[str] = []
    server = make_server(configure(service, limits), told.append)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not told and time.monotonic() < deadline and thread.is_alive():
            time.sleep(0.005)
        host, _, port = told[0].rpartition(":")
        with contextlib.closing(http.client.HTTPConnection(host, int(port), timeout=30)) as kept:
            yield Running(host, int(port), service, kept)
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
