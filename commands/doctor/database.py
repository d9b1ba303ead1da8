"""What an examination of the database says: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from commands.doctor.findings import Finding, fault, fine, unknown, warning
from db.examination import LOCK_SECONDS, STORE_SECONDS, Examination, Server, Store
from db.revision import HEAD
from settings import Settings

OLDEST_SERVER: Final = 15
_SKEW_WARNED: Final = timedelta(seconds=2)
_DELTAS: Final = 1_000_000
_WAITING: Final = timedelta(minutes=10)
_SETTLING: Final = timedelta(minutes=10)
_DEAD_SHARE: Final = 0.3
_DEAD_ROWS: Final = 100_000
_OWN_BESIDE: Final = 4
"""Connections of a process beside its pools: it listens for writes, and records; and the worker beside it."""

UNREACHABLE: Final = {
    "address": ("The DSN cannot be read.", "Write it as postgresql://user:password@host:5432/database."),
    "name": ("The DSN's host is not found.", "Check the host's name, and that this machine resolves it."),
    "refused": ("Nobody listens at the DSN's host and port.", "Start PostgreSQL, or correct host and port."),
    "password": ("The login or its password is refused.", "Correct user and password, or pg_hba.conf's rule for them."),
    "database": ("There is no database of that name.", "Correct the name, or CREATE DATABASE as an administrator."),
    "full": ("All connections of the server are taken.", "Raise max_connections, or lower DESKGRAPH_POOL_CONNECTIONS."),
    "tls": (
        "The DSN and the server do not agree on TLS: the server has none, or its certificate is not trusted.",
        "Set sslmode and sslrootcert in the DSN to what the server offers; `SHOW ssl` there says whether it has TLS.",
    ),
    "starting": ("PostgreSQL is starting up, recovering or shutting down.", "Wait; its log says how far it is."),
    "slow": ("No connection within five seconds.", "Check the network, a firewall between, and the server's load."),
    "other": ("No connection came about.", "PostgreSQL's log says why."),
}


def judged(found: Examination, settings: Settings, now: datetime) -> Iterator[Finding]:
    """What is to be said of a database that was reached."""
    yield from of_server(found.server, settings)
    if found.is_blocked:
        told = (
            f"Its tables do not answer: a lock was not to be had in {LOCK_SECONDS} seconds, or a look took longer"
            f" than {STORE_SECONDS}."
        )
        remedy = "See pg_stat_activity and pg_blocking_pids() for who is in the way; end it, or wait for its end."
        yield fault("store", told, remedy)
        return
    if found.revision != HEAD:
        yield _migration(found)
        return
    yield fine("migrations", f"The store is at migration {HEAD}, as this code is.")
    if found.store is not None:
        yield from _of_store(found.store, settings, now)


def of_server(server: Server, settings: Settings) -> Iterator[Finding]:
    """What is to be said of a server, whoever is connected."""
    major, minor = divmod(server.version, 10_000)
    told = f"PostgreSQL {major}.{minor}, {server.bytes / 1e9:.1f} GB in this database."
    if major < OLDEST_SERVER:
        yield fault("server", told, f"Upgrade to PostgreSQL {OLDEST_SERVER} or later.")
    elif not server.syncs:
        yield warning(
            "server", f"{told} fsync is off.", "Set fsync = on: else a crash may lose or spoil what it holds."
        )
    else:
        yield fine("server", told)
    yield _clock(server, settings)
    yield _connections(server, settings)
    is_owners = settings.embeds or bool(settings.database_url.get_secret_value())
    if server.is_read_only and is_owners:  # a login that may only read need not write
        remedy = "Point DESKGRAPH_DATABASE_URL at the primary, or lift default_transaction_read_only."
        yield fault("writes", "The server takes no writes: it is a standby, or set read-only.", remedy)


def _clock(server: Server, settings: Settings) -> Finding:
    off = max(abs(server.clock_ahead) - server.round_trip / 2, timedelta())
    way = "ahead of" if server.clock_ahead > timedelta() else "behind"
    told = f"The database's clock is {off.total_seconds():.1f} s {way} this machine's."
    remedy = "Let NTP (chrony, systemd-timesyncd) set both clocks."
    if off > timedelta(seconds=settings.jwt_leeway_seconds):
        return fault("clocks", told + " Tokens, periods and what has expired go wrong by as much.", remedy)
    if off > _SKEW_WARNED:
        return warning("clocks", told, remedy)
    return fine("clocks", "The database's clock and this machine's agree.")


def _connections(server: Server, settings: Settings) -> Finding:
    wanted = settings.workers * (settings.pool_connections + settings.export_connections + _OWN_BESIDE)
    told = (
        f"{server.connected} of {server.connections} connections are taken; this gateway may take {wanted} in all"
        f" (DESKGRAPH_WORKERS {settings.workers} x pools of {settings.pool_connections} and"
        f" {settings.export_connections}, and some)."
    )
    if wanted > server.connections:
        remedy = "Raise max_connections, or lower DESKGRAPH_WORKERS, _POOL_CONNECTIONS or _EXPORT_CONNECTIONS."
        return fault("connections", told, remedy)
    if server.connected > 0.9 * server.connections:
        return warning("connections", told, "See pg_stat_activity for who holds them, or raise max_connections.")
    return fine("connections", told)


def _migration(found: Examination) -> Finding:
    revision = found.revision
    if revision is None:
        return fault("migrations", "There is no store here, or this login may not see it.", "Run `deskgraph migrate`.")
    if found.is_readable:
        told = f"The store is at migration {revision}, of a newer version; servers of this one, at {HEAD}, read it."
        return warning("migrations", told, "Run the newer version everywhere, soon.")
    if revision > HEAD:
        told = f"The store is at migration {revision}, and this code knows them up to {HEAD}."
        return fault("migrations", told, "Run a newer version of the gateway; a store does not go back.")
    told = f"The store is at migration {revision}, and this code is at {HEAD}."
    return fault("migrations", told, "Run `deskgraph migrate`; readers of the old version go on meanwhile.")


def _of_store(store: Store, settings: Settings, now: datetime) -> Iterator[Finding]:
    if store.facts_are_old:
        told = "The facts are still those of an earlier version: an upgrade was broken off before it made them anew."
        yield fault("facts", told, "Run `deskgraph migrate`, which makes them anew.")
    yield from _zones(store, settings)
    if store.deltas > _DELTAS:
        told = f"{store.deltas:,} rows of rollups wait to be merged, so reports read more than they need."
        yield warning("rollups' size", told, "The next import merges them; `deskgraph rollups rebuild` does so now.")
    if store.unusable_indexes:
        told = f"Indexes are missing or half made: {', '.join(sorted(store.unusable_indexes))}."
        yield fault("indexes", told, "Run `deskgraph migrate`, which makes them while reports go on.")
    else:
        yield fine("indexes", "All indexes of facts are there.")
    yield from _tables(store, now)
    yield _data(store, now)
    yield from _sources(store, now)
    yield _exports(store, settings, now)


def _zones(store: Store, settings: Settings) -> Iterator[Finding]:
    kept = {one.zone: one for one in store.zones}
    for zone in settings.reporting_zones:
        state = kept.get(zone)
        if state is None:
            told = f"None are kept for {zone}: its reports read facts, and are slow."
            yield fault("rollups", told, "Run `deskgraph migrate`.")
        elif not state.is_current:
            told = f"Those for {zone} are not read: being made, broken off, or made by other rules of the zone."
            yield fault("rollups", told, f"Run `deskgraph rollups rebuild --zone {zone}`.")
        else:
            yield fine("rollups", f"Those for {zone} are read.")
    spare = sorted(set(kept) - set(settings.reporting_zones))
    if spare:
        told = f"Kept, and in nobody's settings: {', '.join(spare)}. Each import pays for them."
        yield warning(
            "rollups", told, "Run `deskgraph migrate` to drop them, or name them in DESKGRAPH_REPORTING_ZONES."
        )


def _tables(store: Store, now: datetime) -> Iterator[Finding]:
    bare = [one.name for one in store.tables if one.rows > 10_000 and not one.is_analyzed]
    is_settling = now - store.data_changed_at < _SETTLING
    if bare and not is_settling:
        told = f"PostgreSQL has no statistics of {', '.join(bare)}, so it guesses how to read them."
        yield warning("statistics", told, "Run VACUUM (ANALYZE) as the owner; leave autovacuum on.")
    heavy = [one for one in store.tables if one.dead > max(_DEAD_ROWS, _DEAD_SHARE * one.rows)]
    if heavy:
        told = "; ".join(f"{one.name} has {one.dead:,} dead rows beside {one.rows:,}" for one in heavy)
        remedy = "Run VACUUM as the owner; look for a transaction in pg_stat_activity that has been open for long."
        yield warning("dead rows", f"{told}.", remedy)
    if bare and is_settling:
        yield fine("statistics", f"Those of {', '.join(bare)} come with autovacuum: all of it was just written.")
    elif not bare and not heavy:
        yield fine("tables", "The tables' statistics are there, and few rows are dead.")


def _data(store: Store, now: datetime) -> Finding:
    last = store.last_import
    if last is None:
        remedy = "Run `deskgraph import PATH`, `deskgraph sync SOURCE` or `deskgraph demo`."
        return warning("data", "Nothing was ever imported.", remedy)
    age = _ago(now - store.data_changed_at)
    if last["state"] == "failed":
        told = f"The last import broke off; what reports show changed {age}."
        return fault("data", told, "Run the same import again: it goes on where it was.")
    if last["rows_rejected"]:
        told = f"The last import left out {last['rows_rejected']:,} of {last['rows_read']:,} rows; data changed {age}."
        return warning("data", told, "Its rejects file says which and why; import them again once they are mended.")
    return fine("data", f"The last import took all of its {last['rows_read']:,} rows; data changed {age}.")


def _sources(store: Store, now: datetime) -> Iterator[Finding]:
    for one in store.sources:
        subject, lag = f"source {one.name}", one.lag_seconds(now)
        age = "never read whole" if lag is None else f"read up to {_ago(timedelta(seconds=lag))}"
        if one.failures:
            told = f"Its last {one.failures} passes failed; {age}."
            yield fault(
                subject, told, "`deskgraph sources status` says why, `deskgraph sources check` what to mend.", one.name
            )
        elif one.is_stale(now):
            told = f"It is {age}, which is longer than its pace explains."
            yield fault(subject, told, "Start `deskgraph sync`, or name its file in DESKGRAPH_SYNC_SOURCES.", one.name)
        elif one.rejects:
            told = f"It is {age}; {one.rejects:,} of its rows cannot go in."
            yield warning(subject, told, "`deskgraph sources status` lists them with the reason.", one.name)
        else:
            yield fine(subject, f"It is {age}.", one.name)


def _exports(store: Store, settings: Settings, now: datetime) -> Finding:
    if store.waiting_since is not None and now - store.waiting_since > _WAITING:
        told = f"{store.waiting_exports} exports wait, the oldest since {_ago(now - store.waiting_since)}."
        beside = "raise DESKGRAPH_EXPORT_WORKERS" if settings.export_workers else "none runs beside `deskgraph serve`"
        return fault("exports", told, f"Start `deskgraph work`, on any machine ({beside}).")
    return fine("exports", f"{store.waiting_exports} exports wait for a worker.")


def _ago(age: timedelta) -> str:
    seconds = max(0, round(age.total_seconds()))
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


def unreachable(kind: str) -> Finding:
    """What is to be said of a database that was not reached."""
    told, remedy = UNREACHABLE[kind]
    return fault("database", told, remedy)


def not_looked(names: Sequence[str]) -> Finding:
    """What is behind a database that was not reached."""
    return unknown("store", f"Not looked at: {', '.join(names)}.", "Once the database is reached, run this again.")


def for_the_owner(names: Sequence[str]) -> Finding:
    """What a login that may only read does not see."""
    told = f"Not looked at: {', '.join(names)}. DESKGRAPH_READER_URL's login may not see them."
    return unknown("store", told, "Run this with DESKGRAPH_DATABASE_URL set to the database as its owner.")


def of_newer(names: Sequence[str]) -> Finding:
    """What only a newer version knows how to look at."""
    return unknown("store", f"Not looked at: {', '.join(names)}.", "Run `deskgraph doctor` of the newer version.")
