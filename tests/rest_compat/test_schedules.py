"""Schedules: each due instant delivered once, to where the settings allow, with what the owner's role now allows."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from db.access import Role, Viewer
from db.delivery_queue import LEASE, MAX_ATTEMPTS, PAUSES
from db.engine import Engine
from db.schedules import MAX_SCHEDULES
from resolvers.delivery_queue import DeliveryQueue
from rest_compat.export import delivering
from rest_compat.export.delivering import Delivering, deliver_due
from rest_compat.export.fitting import require_room_of
from rest_compat.export.mailing import Mailbox
from rest_compat.export.ordering import ordered
from rest_compat.export.pdf import limits
from schema.destinations import Destinations, MailTls
from schema.exporting import Exporting
from schema.holders import Holders
from tests.conftest import free_port, new_database
from tests.rest_compat.conftest import Rest, gateway_over
from tests.rest_compat.desk import VIEWERS

ORDER: Final = {
    "report": "tickets",
    "format": "csv",
    "since": "2026-03-01",
    "until": "2026-04-01",
    "sort": "created_at",
}
SAVE: Final = """mutation Save($name: String!, $order: JSON) {
  saveReport(name: $name, page: TICKETS, query: "", order: $order) { id order } }"""
FIELDS: Final = (
    "id report { id name } format cadence weekday monthDay time timezone emails folder active state nextDueAt"
    " deliveries { dueAt state attempts nextAttemptAt error { code message } bytes fileName deliveredAt }"
)
SCHEDULE: Final = f"""mutation Save($report: ID!, $format: String! = "csv", $cadence: Cadence! = DAILY,
    $time: String! = "07:30", $timezone: String! = "Europe/Berlin", $weekday: Weekday, $monthDay: Int,
    $emails: [String!], $folder: String, $active: Boolean! = true, $id: ID) {{
  saveSchedule(report: $report, format: $format, cadence: $cadence, time: $time, timezone: $timezone, weekday: $weekday,
    monthDay: $monthDay, emails: $emails, folder: $folder, active: $active, id: $id) {{ {FIELDS} }} }}"""
LIST: Final = f"{{ schedules {{ {FIELDS} }} }}"
NEXT: Final = """query Next($cadence: Cadence!, $time: String!, $timezone: String!, $weekday: Weekday, $monthDay: Int) {
  nextDeliveries(cadence: $cadence, time: $time, timezone: $timezone, weekday: $weekday, monthDay: $monthDay) }"""
WHERE: Final = "{ destinations { mailDomains hasFolders } }"
DELETE: Final = "mutation Delete($id: ID!) { deleteSchedule(id: $id) }"
MIA: Final = VIEWERS[Role.MANAGER]
START: Final = datetime(2026, 4, 15, 10, 0, 30, tzinfo=UTC)
DUE: Final = datetime(2026, 4, 16, 5, 30, tzinfo=UTC)
BOSS: Final = ["boss@example.test"]
DAY: Final = timedelta(days=1)


@dataclass
class Post:
    """A mail server that keeps what it gets."""

    port: int
    got: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Takes a mail for everybody but `gone`."""
        if address.startswith("gone@"):
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        """Takes a mail."""
        assert isinstance(envelope.content, bytes)
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.got.append(found)
        self.to.append(list(envelope.rcpt_tos))
        return "250 OK"

    @property
    def files(self) -> list[bytes]:
        """What was attached."""
        files = [part.get_payload(decode=True) for one in self.got for part in one.iter_attachments()]
        return [file for file in files if isinstance(file, bytes)]


@dataclass
class Scene:
    """A gateway whose clock is moved by hand, its mail server, and a folder."""

    rest: Rest
    post: Post
    folder: Path
    dsn: str
    now: datetime = START

    def delivering(self, **changed: Any) -> Delivering:
        """What a worker of its own needs."""
        gateway = self.rest.gateway
        assert gateway.exporting is not None
        mailbox = Mailbox("127.0.0.1", self.post.port, MailTls.NONE, "desk@example.test")
        queue = DeliveryQueue(gateway.engine, timedelta(days=30))
        found = Delivering(gateway, queue, gateway.exporting.destinations, mailbox, lambda: self.now)
        return replace(found, **changed)

    async def work(self, at: datetime, **changed: Any) -> None:
        """A worker looks at what is due then."""
        self.now = at
        await deliver_due(self.delivering(**changed))

    async def ask(self, document: str, viewer: Viewer = MIA, **variables: Any) -> Any:
        """What GraphQL answers, with the code of its error."""
        result = await self.rest.gateway.execute(document, variables, self.rest.gateway.context(viewer))
        error = result.errors[0].extensions or {} if result.errors else {}
        told = (error.get("code"), error.get("parameter")) if error else None
        return {**(result.data or {}), "error": told}

    async def saved(self, viewer: Viewer = MIA, order: Any = ORDER) -> str:
        """The id of a saved report."""
        found = await self.ask(SAVE, viewer, name=f"Report {uuid4()}", order=order)
        assert found["error"] is None, found
        id_: str = found["saveReport"]["id"]
        return id_

    async def scheduled(self, viewer: Viewer = MIA, **given: Any) -> dict[str, Any]:
        """A schedule."""
        if not {"emails", "folder"} & given.keys():
            given["emails"] = BOSS
        found = await self.ask(
            SCHEDULE, viewer, **{"report": given.pop("report", None) or await self.saved(viewer), **given}
        )
        assert found["error"] is None, found
        schedule: dict[str, Any] = found["saveSchedule"]
        return schedule

    async def one(self) -> dict[str, Any]:
        """The one schedule there is."""
        (found,) = (await self.ask(LIST))["schedules"]
        schedule: dict[str, Any] = found
        return schedule

    async def comes(self, viewer: Viewer) -> None:
        """Somebody asks something, with a token of its own."""
        token = self.rest.gateway.identity.issue(viewer, timedelta(hours=1))
        answer = await self.rest.request(
            "GET", "/api/tickets/reports/summary", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 200
        assert self.rest.gateway.holders is not None
        await self.rest.gateway.holders.close()


@pytest.fixture(scope="module")
async def dsn(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a desk of this module's own."""
    async with new_database(server, template=filled) as found:
        yield found


@pytest.fixture
async def scene(dsn: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A scene without schedules."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("TRUNCATE deskgraph.saved_reports, deskgraph.holders CASCADE")
    await connection.close()
    destinations = Destinations(frozenset({"example.test"}), tmp_path)
    exporting = Exporting(ordered, 100_000, DAY, destinations)
    gateway = gateway_over(dsn)
    post = Post(free_port())
    found = Scene(Rest(gateway), post, tmp_path, dsn)
    holders = Holders(gateway.engine, lambda: found.now)
    found.rest = Rest(replace(gateway, clock=lambda: found.now, exporting=exporting, holders=holders))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop, hostname="test"), "127.0.0.1", post.port)
    yield found
    server.close()
    await server.wait_closed()
    await gateway.engine.close()


async def test_a_report_is_mailed_when_it_is_due_and_once(scene: Scene) -> None:
    schedule = await scene.scheduled(emails=["boss@example.test", "desk@Example.Test"])

    await scene.work(DUE - timedelta(seconds=1))
    early = list(scene.post.got)
    await scene.work(DUE + timedelta(seconds=20))
    await scene.work(DUE + timedelta(minutes=5))

    assert early == []
    assert datetime.fromisoformat(schedule["nextDueAt"]) == DUE
    scene.now = DUE
    expected = await scene.rest.export(ORDER)
    assert scene.post.files == [expected.content]
    (mail,) = scene.post.got
    assert scene.post.to == [["boss@example.test", "desk@Example.Test"]]
    assert mail["From"] == "desk@example.test"
    assert mail["Subject"].endswith(", 2026-04-16")
    assert mail["Auto-Submitted"] == "auto-generated"
    (attached,) = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_content_charset()) == ("text/csv", "utf-8")
    assert attached.get_filename() == "deskgraph-tickets-2026-03-01-2026-04-01.csv"
    body = mail.get_body()
    assert body is not None
    assert "Made for: mia, manager" in body.get_content()
    found = await scene.one()
    assert datetime.fromisoformat(found["nextDueAt"]) == DUE + DAY
    (delivery,) = found["deliveries"]
    assert delivery == {
        "dueAt": DUE.isoformat(),
        "state": "DELIVERED",
        "attempts": 1,
        "nextAttemptAt": None,
        "error": None,
        "bytes": len(expected.content),
        "fileName": "deskgraph-tickets-2026-03-01-2026-04-01.csv",
        "deliveredAt": (DUE + timedelta(seconds=20)).isoformat(),
    }


async def test_several_workers_deliver_it_once(scene: Scene) -> None:
    for _ in range(3):
        await scene.scheduled()
    scene.now = DUE
    engines = [Engine(scene.dsn) for _ in range(4)]

    await asyncio.gather(
        *(deliver_due(scene.delivering(queue=DeliveryQueue(engine, timedelta(days=30)))) for engine in engines)
    )

    for engine in engines:
        await engine.close()
    assert len(scene.post.got) == 3
    assert len({mail["Message-ID"] for mail in scene.post.got}) == 3


async def test_of_what_fell_due_while_nobody_looked_the_latest_is_delivered(scene: Scene) -> None:
    await scene.scheduled()

    await scene.work(DUE + 3 * DAY + timedelta(hours=1))

    found = await scene.one()
    assert [one["dueAt"] for one in found["deliveries"]] == [(DUE + 3 * DAY).isoformat()]
    assert datetime.fromisoformat(found["nextDueAt"]) == DUE + 4 * DAY
    assert len(scene.post.got) == 1


async def test_a_file_is_put_into_its_folder_whole(scene: Scene) -> None:
    schedule = await scene.scheduled(folder="board", format="json")

    await scene.work(DUE)

    scene.now = DUE
    expected = await scene.rest.export({**ORDER, "format": "json"})
    (file,) = (scene.folder / "board").iterdir()
    assert file.read_bytes() == expected.content
    assert file.name == f"20260416T0530Z-{schedule['id'][:8]}-deskgraph-tickets-2026-03-01-2026-04-01.json"
    assert (await scene.one())["deliveries"][0]["fileName"] == file.name


async def test_what_cannot_be_put_into_a_folder_leaves_nothing_there(scene: Scene) -> None:
    schedule = await scene.scheduled(folder="board")
    name = f"20260416T0530Z-{schedule['id'][:8]}-deskgraph-tickets-2026-03-01-2026-04-01.csv"
    (scene.folder / "board" / name).mkdir(parents=True)

    await scene.work(DUE)
    (failed,) = (await scene.one())["deliveries"]
    left = [one.name for one in (scene.folder / "board").iterdir()]
    (scene.folder / "board" / name).rmdir()
    await scene.work(DUE + timedelta(hours=1))

    assert (failed["state"], failed["error"]["code"], left) == ("WAITING", "UNAVAILABLE", [name])
    assert (await scene.one())["deliveries"][0]["state"] == "DELIVERED"
    assert [one.name for one in (scene.folder / "board").iterdir()] == [name]


async def test_what_cannot_be_delivered_is_tried_again_after_longer_and_longer_and_then_no_more(scene: Scene) -> None:
    await scene.scheduled()
    nowhere = Mailbox("127.0.0.1", free_port(), MailTls.NONE, "desk@example.test")
    pauses, now = [], DUE

    for attempt in range(1, MAX_ATTEMPTS + 1):
        await scene.work(now, mailbox=nowhere)
        (delivery,) = (await scene.one())["deliveries"]
        assert delivery["attempts"] == attempt
        assert delivery["error"]["code"] == "UNAVAILABLE"
        if delivery["nextAttemptAt"]:
            following = datetime.fromisoformat(delivery["nextAttemptAt"])
            pauses.append((following - now) / timedelta(minutes=1))
            await scene.work(following - timedelta(seconds=1))
            now = following

    assert pauses == [1, 4, 16, 64]
    assert delivery["state"] == "FAILED"
    await scene.work(now + timedelta(hours=3))
    assert scene.post.got == []


async def test_a_file_that_is_too_large_for_a_mail_is_told_and_not_tried_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "MAX_MAIL_BYTES", 100)
    await scene.scheduled()

    await scene.work(DUE)

    (delivery,) = (await scene.one())["deliveries"]
    assert (delivery["state"], delivery["attempts"]) == ("FAILED", 1)
    assert "The file is larger than 20 MiB" in delivery["error"]["message"]
    assert scene.post.got == []


async def test_a_report_for_which_the_database_was_away_is_made_later(scene: Scene) -> None:
    await scene.scheduled()
    away = gateway_over("postgresql://deskgraph@127.0.0.1:1/nowhere")

    await scene.work(DUE, gateway=away)
    (tried,) = (await scene.one())["deliveries"]
    await scene.work(DUE + timedelta(minutes=1))

    assert (tried["state"], tried["attempts"], tried["error"]["code"]) == ("WAITING", 1, "UNAVAILABLE")
    assert (await scene.one())["deliveries"][0]["state"] == "DELIVERED"


async def test_who_got_a_mail_that_others_did_not_gets_it_no_second_time(scene: Scene) -> None:
    await scene.scheduled(emails=["boss@example.test", "gone@example.test"])

    for hours in range(3):
        await scene.work(DUE + timedelta(hours=hours))

    (delivery,) = (await scene.one())["deliveries"]
    assert (delivery["state"], delivery["attempts"]) == ("FAILED", 1)
    assert "all but gone@example.test" in delivery["error"]["message"]
    assert scene.post.to == [["boss@example.test"]]


async def test_what_its_worker_was_killed_over_is_taken_by_another_but_not_for_ever(scene: Scene) -> None:
    await scene.scheduled()
    connection = await asyncpg.connect(scene.dsn)
    killed = (
        "UPDATE deskgraph.deliveries SET state = 'running', attempts = $1, worker = gen_random_uuid(), lease_until = $2"
    )
    await scene.delivering().queue.fall_due(DUE)
    await connection.execute(killed, 1, DUE + timedelta(minutes=5))
    await scene.work(DUE + timedelta(minutes=4))
    waited = len(scene.post.got)
    await scene.work(DUE + timedelta(minutes=6))
    assert (waited, len(scene.post.got)) == (0, 1)

    await scene.delivering().queue.fall_due(DUE + DAY)
    await connection.execute(killed + " WHERE due_at > $2", MAX_ATTEMPTS, DUE + timedelta(minutes=5))
    await connection.close()
    await scene.work(DUE + DAY)
    assert (await scene.one())["deliveries"][0]["state"] == "FAILED"
    assert len(scene.post.got) == 1


async def test_what_arrives_the_second_time_is_the_same_as_of_its_due_instant(scene: Scene) -> None:
    await scene.scheduled()
    await scene.work(DUE, mailbox=Mailbox("127.0.0.1", free_port(), MailTls.NONE, "desk@example.test"))

    await scene.work(DUE + timedelta(minutes=1))

    (delivery,) = (await scene.one())["deliveries"]
    assert (delivery["state"], delivery["attempts"], delivery["error"]) == ("DELIVERED", 2, None)
    assert "As of: 2026-04-16T05:30:00" in str(scene.post.got[0].get_body())


async def test_a_folder_that_cannot_be_written_is_tried_again(scene: Scene) -> None:
    (scene.folder / "board").write_text("no folder")
    await scene.scheduled(folder="board")

    await scene.work(DUE)

    (delivery,) = (await scene.one())["deliveries"]
    assert (delivery["state"], delivery["error"]["code"]) == ("WAITING", "UNAVAILABLE")
    assert "board" in delivery["error"]["message"]


async def test_who_has_become_less_gets_less_and_who_may_not_export_nothing(scene: Scene) -> None:
    def teams(file: bytes) -> set[str]:
        return {row["Team id"] for row in csv.DictReader(io.StringIO(file.decode()))}

    await scene.comes(MIA)
    await scene.scheduled()
    await scene.work(DUE)
    await scene.comes(replace(MIA, role=Role.TEAM_LEAD, teams=("billing",)))
    await scene.work(DUE + DAY)
    await scene.comes(replace(MIA, role=Role.AGENT, agent="A-1"))
    await scene.work(DUE + 2 * DAY)

    wide, narrow = map(teams, scene.post.files)
    assert {"billing", "support"} <= wide
    assert narrow == {"billing"}
    refused = (await scene.one())["deliveries"][0]
    assert (refused["state"], refused["attempts"], refused["nextAttemptAt"]) == ("REFUSED", 1, None)
    assert refused["error"]["code"] == "FORBIDDEN"
    assert "reports:export:create" in refused["error"]["message"]
    await scene.comes(MIA)
    await scene.work(DUE + 3 * DAY)
    assert len(scene.post.got) == 3


async def test_a_schedule_is_paused_while_its_owner_is_not_seen(scene: Scene) -> None:
    await scene.scheduled()  # seen on 15 April

    await scene.work(DUE + 30 * DAY)
    paused = await scene.one()
    await scene.comes(MIA)
    await scene.work(DUE + 31 * DAY)

    assert paused["state"] == "PAUSED"
    assert paused["deliveries"][0]["state"] == "REFUSED"
    assert "has not been seen for 30 days" in paused["deliveries"][0]["error"]["message"]
    found = await scene.one()
    assert (found["state"], found["deliveries"][0]["state"]) == ("ACTIVE", "DELIVERED")
    assert len(scene.post.got) == 1


async def test_a_stopped_schedule_delivers_nothing(scene: Scene) -> None:
    schedule = await scene.scheduled()
    await scene.scheduled(id=schedule["id"], active=False)

    await scene.work(DUE)

    found = await scene.one()
    assert (found["id"], found["state"], found["nextDueAt"]) == (schedule["id"], "INACTIVE", None)
    assert scene.post.got == []


async def test_what_is_not_allowed_any_more_is_refused(scene: Scene) -> None:
    await scene.scheduled()
    await scene.scheduled(folder="board")

    await scene.work(DUE, destinations=Destinations(frozenset({"example.org"})))

    deliveries = [one["deliveries"][0] for one in (await scene.ask(LIST))["schedules"]]
    assert [(one["state"], one["error"]["code"]) for one in deliveries] == [("REFUSED", "FORBIDDEN")] * 2


async def test_no_folder_leads_out_of_the_one_that_is_allowed(scene: Scene) -> None:
    report = await scene.saved()
    outside = scene.folder.parent / f"outside-{uuid4().hex}"
    outside.mkdir()
    (scene.folder / "link").symlink_to(outside)

    for name in ("../x", "/tmp/x", ".", "..", ".hidden", "a/b", "a\\b", "", "link", "x" * 65, "a\n"):
        found = await scene.ask(SCHEDULE, report=report, folder=name)
        assert found["error"] == ("FORBIDDEN", "folder"), name
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"emails": ["boss@example.org"]}, ("FORBIDDEN", "emails")),
        ({"emails": ["boss@sub.example.test"]}, ("FORBIDDEN", "emails")),
        ({"emails": ["boss@example.test\nBcc: x@example.test"]}, ("FORBIDDEN", "emails")),
        ({"emails": ["a@example.test, b@evil.example@example.test"]}, ("FORBIDDEN", "emails")),
        ({"emails": [f"a{n}@example.test" for n in range(21)]}, ("BAD_USER_INPUT", "emails")),
        ({"emails": []}, ("BAD_USER_INPUT", "emails")),
        ({"emails": BOSS, "folder": "board"}, ("BAD_USER_INPUT", "emails")),
        ({"format": "doc"}, ("BAD_USER_INPUT", "order")),
        ({"time": "24:00"}, ("BAD_USER_INPUT", "time")),
        ({"time": "7:30"}, ("BAD_USER_INPUT", "time")),
        ({"timezone": "+02:00"}, ("BAD_USER_INPUT", "timezone")),
        ({"cadence": "WEEKLY"}, ("BAD_USER_INPUT", "weekday")),
        ({"weekday": "MONDAY"}, ("BAD_USER_INPUT", "weekday")),
        ({"cadence": "MONTHLY", "monthDay": 29}, ("BAD_USER_INPUT", "monthDay")),
        ({"monthDay": 1}, ("BAD_USER_INPUT", "monthDay")),
        ({"id": str(uuid4())}, ("NOT_FOUND", "id")),
        ({"id": "7"}, ("NOT_FOUND", "id")),
        ({"report": str(uuid4())}, ("NOT_FOUND", "report")),
    ],
)
async def test_a_wrong_input_is_told_by_its_name(given: dict[str, Any], error: tuple[str, str], scene: Scene) -> None:
    wanted = {"report": await scene.saved(), "emails": BOSS, **given}
    if "folder" in given and "emails" not in given:
        del wanted["emails"]

    assert (await scene.ask(SCHEDULE, **wanted))["error"] == error
    assert (await scene.ask(LIST))["schedules"] == []


async def test_a_saved_report_without_an_order_cannot_be_delivered(scene: Scene) -> None:
    report = await scene.saved(order=None)

    assert (await scene.ask(SCHEDULE, report=report, emails=BOSS))["error"] == ("BAD_USER_INPUT", "report")
    wrong = await scene.ask(SAVE, name="x", order={**ORDER, "metric": "nothing"})
    assert wrong["error"] == ("BAD_USER_INPUT", "order")


async def test_of_an_order_as_csv_another_format_takes_what_it_heeds(scene: Scene) -> None:
    csv_order = {**ORDER, "bom": True, "separator": ";"}
    report = await scene.saved(order=csv_order)
    await scene.scheduled(report=report, format="json")
    await scene.scheduled(report=report)

    await scene.work(DUE)

    scene.now = DUE
    expected = [(await scene.rest.export(one)).content for one in ({**ORDER, "format": "json"}, csv_order)]
    assert sorted(scene.post.files) == sorted(expected)


@pytest.mark.parametrize(
    "when",
    [
        {"cadence": "DAILY", "time": "02:30"},
        {"cadence": "WEEKLY", "weekday": "SUNDAY"},
        {"cadence": "MONTHLY", "monthDay": 28, "timezone": "Asia/Kathmandu"},
        {"cadence": "MONTHLY"},
    ],
)
async def test_what_is_foretold_of_a_cadence_is_when_its_schedule_is_due(when: dict[str, Any], scene: Scene) -> None:
    asked = {"time": "07:30", "timezone": "Europe/Berlin", **when}
    foretold = (await scene.ask(NEXT, **asked))["nextDeliveries"]

    due = []
    schedule = await scene.scheduled(**when)
    for _ in foretold:
        due.append(schedule["nextDueAt"])
        await scene.work(datetime.fromisoformat(due[-1]))
        schedule = await scene.one()

    assert foretold == due
    assert len(due) == 3


async def test_where_schedules_may_deliver_to_is_told_who_may_have_any(scene: Scene) -> None:
    assert (await scene.ask(WHERE))["destinations"] == {"mailDomains": ["example.test"], "hasFolders": True}
    for role in (Role.AGENT, Role.CLIENT):
        told = await scene.ask(WHERE, VIEWERS[role])
        assert (told["destinations"], told["error"]) == (None, ("FORBIDDEN", None))
    assert (await scene.ask(NEXT, cadence="DAILY", time="7", timezone="UTC"))["error"] == ("BAD_USER_INPUT", "time")
    assert (await scene.ask(NEXT, cadence="WEEKLY", time="07:00", timezone="UTC"))["error"] == (
        "BAD_USER_INPUT", "weekday",
    )  # fmt: skip


@pytest.mark.parametrize(
    "order", [ORDER, {"report": "trends", "format": "pdf", "since": "2026-02-01", "until": "2026-03-01"}]
)
async def test_a_pdf_that_is_too_large_is_refused_when_it_is_scheduled_and_told_when_it_grew_since(
    order: dict[str, Any], scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = scene.rest.gateway
    assert gateway.exporting is not None
    exporting = replace(gateway.exporting, require_room=partial(require_room_of, gateway))
    scene.rest = Rest(replace(gateway, exporting=exporting))
    report = await scene.saved(order=order)
    kept = await scene.scheduled(report=report, format="pdf")

    monkeypatch.setattr(limits, "MAX_ROWS", 5)
    given = {"report": report, "emails": BOSS, "format": "pdf"}
    refused = [await scene.ask(SCHEDULE, **given), await scene.ask(SCHEDULE, **given, id=kept["id"])]
    csv_ = await scene.ask(SCHEDULE, **{**given, "format": "csv"}, active=False)
    await scene.work(DUE)
    stopped = await scene.ask(SCHEDULE, **given, id=kept["id"], active=False)

    assert [one["error"] for one in refused] == [("BAD_USER_INPUT", "order")] * 2
    assert (csv_["error"], stopped["error"]) == (None, None)
    (delivery,) = stopped["saveSchedule"]["deliveries"]
    assert (delivery["state"], delivery["attempts"], delivery["error"]["code"]) == ("FAILED", 1, "BAD_USER_INPUT")
    assert "a PDF has 5 at most. Choose a shorter period" in delivery["error"]["message"]
    assert scene.post.got == []


async def test_nobody_else_sees_changes_or_deletes_it(scene: Scene) -> None:
    schedule = await scene.scheduled()
    admin = VIEWERS[Role.ADMIN]

    assert (await scene.ask(LIST, admin))["schedules"] == []
    assert (await scene.ask(DELETE, admin, id=schedule["id"]))["error"] == ("NOT_FOUND", "id")
    theirs = await scene.saved(admin)
    own = {"report": theirs, "emails": BOSS, "id": schedule["id"]}
    assert (await scene.ask(SCHEDULE, admin, **own))["error"] == ("NOT_FOUND", "id")
    assert (await scene.ask(SCHEDULE, admin, report=schedule["report"]["id"], emails=BOSS))["error"] == (
        "NOT_FOUND", "report",
    )  # fmt: skip
    for role in (Role.AGENT, Role.CLIENT):
        assert (await scene.ask(LIST, VIEWERS[role]))["error"] is not None
    assert await scene.one() == schedule


async def test_a_deleted_one_is_gone_with_its_deliveries(scene: Scene) -> None:
    schedule = await scene.scheduled()
    await scene.work(DUE)

    assert (await scene.ask(DELETE, id=schedule["id"]))["deleteSchedule"] == schedule["id"]

    assert (await scene.ask(LIST))["schedules"] == []
    await scene.work(DUE + DAY)
    assert len(scene.post.got) == 1


async def test_more_than_may_be_kept_are_refused(scene: Scene) -> None:
    report = await scene.saved()
    for _ in range(MAX_SCHEDULES):
        await scene.scheduled(report=report)

    assert (await scene.ask(SCHEDULE, report=report, emails=BOSS))["error"] == ("BAD_USER_INPUT", None)


async def test_what_a_holder_is_is_written_when_it_changes_and_once_a_day(scene: Scene) -> None:
    holders, engine = scene.rest.gateway.holders, scene.rest.gateway.engine
    assert holders is not None
    written: list[str] = []
    engine.observers.append(lambda statement, _: written.append(statement.sql))

    async def seen(viewer: Viewer, at: datetime) -> int:
        written.clear()
        scene.now = at
        holders.note(viewer)
        await holders.close()
        return len(written)

    lead = replace(MIA, role=Role.TEAM_LEAD, teams=("billing",))
    assert await seen(MIA, START) == 1
    assert await seen(MIA, START + timedelta(hours=23)) == 0
    assert await seen(MIA, START + timedelta(hours=24)) == 1
    assert await seen(lead, START + timedelta(hours=25)) == 1
    assert await seen(replace(MIA, issuer="https://other.test"), START + timedelta(hours=25)) == 1
    connection = await asyncpg.connect(scene.dsn)
    rows = await connection.fetch("SELECT claims ->> 'role' AS role, seen_at FROM deskgraph.holders ORDER BY issuer")
    await connection.close()
    assert [row["role"] for row in rows] == ["team_lead", "manager"]
    assert rows[0]["seen_at"] == START + timedelta(hours=25)


YEAR: Final = timedelta(days=365)
AHEAD: Final = [timedelta(hours=26), timedelta(days=3, hours=5), 2 * YEAR]


@pytest.mark.parametrize("cadence", [{}, {"cadence": "WEEKLY", "weekday": "THURSDAY"}, {"cadence": "MONTHLY"}])
@pytest.mark.parametrize("ahead", AHEAD, ids=str)
async def test_a_schedule_waits_no_longer_because_the_clock_was_ahead(
    scene: Scene, ahead: timedelta, cadence: dict[str, str]
) -> None:
    schedule = await scene.scheduled(**cadence)
    first = datetime.fromisoformat(schedule["nextDueAt"])
    await scene.work(START + ahead)
    meanwhile = len(scene.post.got)

    await scene.work(START + timedelta(minutes=1))
    again = len(scene.post.got)
    found = datetime.fromisoformat((await scene.one())["nextDueAt"])
    await scene.comes(MIA)  # whom the clock that was ahead had seen
    await scene.work(first + timedelta(minutes=1))

    was_delivered_early = (
        first <= START + ahead < START + timedelta(days=30)
    )  # later, nobody had been seen for too long
    assert (meanwhile, again) == (was_delivered_early, was_delivered_early)
    assert found == first
    delivered = {one["dueAt"] for one in (await scene.one())["deliveries"] if one["state"] == "DELIVERED"}
    assert first.isoformat() in delivered
    assert len(delivered) == len(scene.post.got), "each due instant once"


async def test_a_schedule_goes_on_where_the_clock_was_behind(scene: Scene) -> None:
    await scene.scheduled()
    await scene.work(DUE)

    await scene.work(START - YEAR)
    behind = len(scene.post.got)
    await scene.work(DUE + timedelta(minutes=1))
    await scene.comes(MIA)
    await scene.work(DUE + DAY)

    assert (behind, len(scene.post.got)) == (1, 2)
    found = await scene.one()
    assert (found["state"], found["nextDueAt"]) == ("ACTIVE", (DUE + 2 * DAY).isoformat())


async def test_a_delivery_waits_no_longer_because_the_clock_was_ahead(scene: Scene) -> None:
    await scene.scheduled()
    nobody = Mailbox("127.0.0.1", free_port(), MailTls.NONE, "desk@example.test")
    scene.now = DUE + YEAR
    await scene.comes(MIA)
    await scene.work(DUE + YEAR, mailbox=nobody)
    (tried,) = (await scene.one())["deliveries"]

    await scene.work(START)  # the pause is cut to the longest there is
    await scene.work(START + PAUSES[-1])

    assert (tried["state"], tried["attempts"]) == ("WAITING", 1)
    delivered = [one for one in (await scene.one())["deliveries"] if one["state"] == "DELIVERED"]
    assert tried["dueAt"] in {one["dueAt"] for one in delivered}


async def test_what_became_of_a_delivery_is_known_for_90_days_and_what_waits_is_never_forgotten(scene: Scene) -> None:
    await scene.scheduled()
    await scene.work(DUE)
    await scene.delivering().queue.fall_due(DUE + DAY)
    connection = await asyncpg.connect(scene.dsn)
    await connection.execute("UPDATE deskgraph.deliveries SET due_at = due_at - interval '91 days'")
    await connection.close()

    await scene.work(DUE + DAY)
    (delivery,) = (await scene.one())["deliveries"]
    await scene.work(DUE + DAY)

    assert (delivery["state"], delivery["dueAt"]) == ("DELIVERED", (DUE - 90 * DAY).isoformat())
    assert len(scene.post.got) == 2
    assert (await scene.one())["deliveries"] == []


@pytest.mark.parametrize(
    ("during", "after", "sent"), [("running", "DELIVERED", 1), ("sending", "UNCERTAIN", 0)], ids=["running", "sending"]
)
async def test_a_lease_is_no_longer_because_the_clock_was_ahead(
    during: str, after: str, sent: int, scene: Scene
) -> None:
    await scene.scheduled()
    await scene.delivering().queue.fall_due(DUE)
    connection = await asyncpg.connect(scene.dsn)
    await connection.execute(
        "UPDATE deskgraph.deliveries SET state = $2, attempts = 1, worker = gen_random_uuid(), lease_until = $1",
        DUE + YEAR,
        during,
    )
    await connection.close()

    await scene.work(DUE)
    waited = len(scene.post.got)
    await scene.work(DUE + LEASE + timedelta(seconds=1))

    assert (waited, len(scene.post.got)) == (0, sent)
    assert (await scene.one())["deliveries"][0]["state"] == after


async def test_who_was_seen_by_a_clock_that_was_ahead_is_trusted_no_longer_for_it(scene: Scene) -> None:
    await scene.scheduled()
    scene.now = START + YEAR
    await scene.comes(MIA)

    await scene.work(DUE)
    distrusted = (await scene.one())["deliveries"]
    await scene.comes(MIA)
    await scene.work(DUE + DAY)

    assert [one["state"] for one in distrusted] == ["REFUSED"]
    assert (await scene.one())["deliveries"][0]["state"] == "DELIVERED"
    connection = await asyncpg.connect(scene.dsn)
    assert await connection.fetchval("SELECT seen_at FROM deskgraph.holders WHERE subject = $1", MIA.subject) == DUE
    await connection.close()
