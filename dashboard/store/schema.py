"""The tables. Readings and counts are history: rows are added, never changed.

What counts now is asked of the views `current_batch`, `current_reading` and `current_dossier_count`
(migration 0001): simulated figures step aside as soon as the first real file of their province is
imported, so that nobody ever sees the two mixed, and a later batch wins over an earlier one.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from dashboard.batch import COUNTS

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

data_version = Table(
    "data_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("reference_sha256", String(64), nullable=False, server_default=""),
    # Drawn when the store is made or restored, and anew with every commit (data_version.py).
    Column("store_id", String(32), nullable=False, server_default=""),
    Column("token", String(32), nullable=False, server_default=""),
)

commune = Table(
    "commune",
    metadata,
    Column("code", String(5), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("province_code", String(2), nullable=False, index=True),
    Column("province_name", Text, nullable=False),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("area_km2", Float),
    Column("formed_from", Text, nullable=False),
)

# Whoever accepts or decides dossiers: a commune (its five-digit code) or a department (its agency
# code).
unit = Table(
    "unit",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("level", String(10), nullable=False),
    Column("province_code", String(2), nullable=False, index=True),
)

import_batch = Table(
    "import_batch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("province_code", String(2), nullable=False),
    Column("as_of", DateTime, nullable=False),
    Column("period_from", Date),
    Column("period_to", Date),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", DateTime, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("problem_count", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("undone_at", DateTime),
    Index(None, "province_code", "origin"),
)

problem = Table(
    "problem",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), nullable=False, index=True),
    Column("severity", String(8), nullable=False),
    Column("row", Integer),
    Column("column", Text),
    Column("value", Text),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

agency = Table(
    "agency",
    metadata,
    Column("agency_code", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", String(10), nullable=False),
    Column("province_code", String(2), nullable=False),
    Column("commune_code", ForeignKey("commune.code")),
    Column("batch_id", ForeignKey("import_batch.id"), nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("commune_code", ForeignKey("commune.code"), primary_key=True),
    Column("measure", String(32), primary_key=True),
    Column("basis", String(8), primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)

dossier_count = Table(
    "dossier_count",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), nullable=False, index=True),
    Column("accepting_unit", ForeignKey("unit.code")),
    Column("deciding_unit", ForeignKey("unit.code")),
    Column("period_from", Date, nullable=False),
    Column("period_to", Date, nullable=False),
    *(Column(name, Integer) for name in COUNTS),
    Column("mean_days", Float),
    Index(None, "deciding_unit", "period_from", "period_to"),
    Index(None, "accepting_unit", "period_from", "period_to"),
)

# One dossier as one list told it. There is no column for a person, and there never will be.
dossier = Table(
    "dossier",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("procedure_code", String(32)),
    Column("accepting_unit", ForeignKey("unit.code")),
    Column("deciding_unit", ForeignKey("unit.code")),
    Column("received_at", DateTime),
    Column("due", DateTime),
    Column("finished_at", DateTime),
    Column("state", Integer),
    Column("channel", String(10)),
    Column("digitised", Boolean),
    Column("field", String(120)),
    sqlite_with_rowid=False,
)

certificate_count = Table(
    "certificate_count",
    metadata,
    Column("commune_code", ForeignKey("commune.code"), primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True),
    *(
        Column(name, Integer)
        for name in ("active", "locked", "revoked", "expired", "expiring_30", "expiring_60")
    ),
)

# A stretch without a line, as a log of probes told it; `ended_at` NULL: not over when the log ends.
outage = Table(
    "outage",
    metadata,
    Column("commune_code", ForeignKey("commune.code"), primary_key=True),
    Column("began_at", DateTime, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("as_of", Date, nullable=False),
    Column("ended_at", DateTime),
)

visit = Table(
    "visit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), nullable=False, index=True),
    Column("commune_code", ForeignKey("commune.code"), nullable=False),
    Column("visited_on", Date, nullable=False),
    Column("measure", String(32)),
    Column("team", Text),
    Column("note", Text),
)

# What an office promised of a commune; no column says that it is kept.
follow_up = Table(
    "follow_up",
    metadata,
    Column("follow_up_id", String(36), primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("commune_code", ForeignKey("commune.code"), nullable=False),
    Column("what", Text, nullable=False),
    Column("measure", String(32), nullable=False),
    Column("target", Float, nullable=False),
    Column("owner", Text, nullable=False),
    Column("promised_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("withdrawn_on", Date),
    Column("withdrawn_reason", Text),
)

# The steps of requests for help; the steps of one id that count are its life.
support_step = Table(
    "support_step",
    metadata,
    Column("request_id", String(36), primary_key=True),
    Column("step", String(12), primary_key=True),
    Column("stepped_at", DateTime, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("commune_code", ForeignKey("commune.code"), nullable=False),
    Column("what", Text),
    Column("subject", Text),
    Column("urgency", String(12)),
    Column("office", Text),
    Column("way", String(12)),
    Column("account", Text, nullable=False),
    Column("note", Text),
)

# What was written on a page, once for each id that was drawn where it was begun
# (store/entries.py). No reference to the batch: simulated ones go, the id stays taken.
field_entry = Table(
    "field_entry",
    metadata,
    Column("entry_id", String(36), primary_key=True),
    Column("content_sha256", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("commune_code", ForeignKey("commune.code"), nullable=False),
    Column("account", String(40), nullable=False),
    Column("batch_id", Integer, nullable=False),
    Column("saved_at", DateTime, nullable=False),
)

# Plans of the field: states of things with a stable id, each told by a batch; the views
# `current_weak_entry`, `current_team`, `current_team_day` show the newest state (migration 0014).
weak_entry = Table(
    "weak_entry",
    metadata,
    Column("entry_id", String(36), primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("commune_code", ForeignKey("commune.code"), nullable=False),
    Column("basis", String(8), nullable=False),
    Column("listed_on", Date, nullable=False),
    Column("reason", Text),
    Column("left_on", Date),
    Column("left_reason", Text),
    Column("office", Text),
)

team = Table(
    "team",
    metadata,
    Column("team_id", String(36), primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("name", Text, nullable=False),
    Column("office", Text),
    Column("size", Integer),
    Column("partner", Text),
    Column("communes", Text),
    Column("ended_on", Date),
)

team_day = Table(
    "team_day",
    metadata,
    Column("day_id", String(36), primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("team_id", String(36), nullable=False),
    Column("goes_on", Date, nullable=False),
    Column("communes", Text),
    Column("state", String(12), nullable=False),
)

# What the province gives its communes, states of things with a stable id, and what citizens told
# of their service (views `current_field_resource`, `current_feedback`, migration 0017).
field_resource = Table(
    "field_resource",
    metadata,
    Column("resource_id", String(36), primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("topic", String(12), nullable=False),
    Column("commune_code", ForeignKey("commune.code")),
    Column("what", Text, nullable=False),
    Column("variant", String(12)),
    Column("quantity", Integer, nullable=False),
    Column("done", Integer),
    Column("office", Text),
    Column("began_on", Date, nullable=False),
    Column("ended_on", Date),
)

feedback = Table(
    "feedback",
    metadata,
    Column("commune_code", ForeignKey("commune.code"), primary_key=True),
    Column("period_from", Date, primary_key=True),
    Column("period_to", Date, primary_key=True),
    Column("batch_id", ForeignKey("import_batch.id"), primary_key=True, index=True),
    Column("received", Integer),
    Column("apologised", Integer),
    Column("resolved", Integer),
    Column("satisfaction", Float),
)

# A wall screen's newest word of itself (store/screens.py); beside the data, never a part of them.
screen = Table(
    "screen",
    metadata,
    Column("secret_sha256", String(64), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("accepted", Boolean, nullable=False),
    Column("name", String(40), nullable=False),
    Column("province_code", String(2), nullable=False),
    Column("scene", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("token", String(32), nullable=False),
    Column("build", String(16), nullable=False),
    Column("fresh_seconds", Integer),
    Column("errors", Integer, nullable=False),
    Column("seen_at", DateTime),
)

# A watcher's newest word of itself (store/machines.py); beside the data, never a part of them.
# What lies as files on each machine that serves (criteria, outlines …) and must be the same on all.
node_file = Table(
    "node_file",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", DateTime, nullable=False),
)

watcher = Table(
    "watcher",
    metadata,
    Column("folder", String(200), primary_key=True),
    Column("process", Integer, nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("imported", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("fault", Text, nullable=False),
    Column("seen_at", DateTime, nullable=False),
)

# People who write, where they are signed in, and what they did (store/accounts.py, store/audit.py).
# Beside the data: signing in is no news for anybody who reads figures.
account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("office", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("provinces", Text, nullable=False),
    Column("communes", Text, nullable=False),
    Column("password_hash", Text),
    Column("external_id", String(200), unique=True),
    Column("must_change", Boolean, nullable=False),
    Column("locked_at", DateTime),
    Column("failures", Integer, nullable=False),
    Column("failed_at", DateTime),
    Column("created_at", DateTime, nullable=False),
)

account_session = Table(
    "account_session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("door", String(12), nullable=False),
    Column("browser", String(60), nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
)

# Links that work once: the first administrator's.
one_time_link = Table(
    "one_time_link",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("purpose", String(24), nullable=False),
    Column("ends_at", DateTime, nullable=False),
    Column("used_at", DateTime),
)

# Keys of programs (store/keys.py); a key is its office's, never a person's.
api_key = Table(
    "api_key",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("office", Text, nullable=False),
    Column("provinces", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("used_at", DateTime),
    Column("uses", Integer, nullable=False),
    Column("revoked_at", DateTime),
)

# What the server processes of an office share and nobody else knows: the key that signs cookies.
server_secret = Table(
    "server_secret",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("value", Text, nullable=False),
)

# How often somebody tried what is limited (store/attempts.py); counted for all processes together.
attempt_count = Table(
    "attempt_count",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("ends_at", Float, nullable=False),
)

# Lines of the audit: triggers of migration 0007 refuse to change or remove one.
audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("written_at", String(27), nullable=False),
    Column("account", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("door", String(12), nullable=False),
    Column("action", String(32), nullable=False),
    Column("province_code", String(2), nullable=False, index=True),
    Column("subject", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
)

# The end of the audit's chain, one row: whoever adds a line changes it first and so holds its lock.
audit_end = Table(
    "audit_end",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

# Files sent through the page, until they are confirmed or a day has passed (store/uploads.py).
# Their bytes stand here and not on one server's disk: another server may answer the next request.
upload = Table(
    "upload",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String(40), nullable=False, index=True),
    Column("office", Text, nullable=False),
    Column("door", String(12), nullable=False),
    Column("provinces", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("hints", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("progress", Integer, nullable=False),
    Column("data_token", String(32), nullable=False),
    Column("result", Text, nullable=False),
    Column("sent_at", DateTime, nullable=False),
    Column("touched_at", DateTime, nullable=False),
)

upload_chunk = Table(
    "upload_chunk",
    metadata,
    Column("upload_id", ForeignKey("upload.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

# Alerts on their way (store/outbox.py): one row a signal, day and channel. Its words stand as they
# were told, so that the page shows what somebody read and not what the rules would say today.
alert = Table(
    "alert",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("province_code", String(2), nullable=False),
    Column("signal", String(32), nullable=False),
    Column("day", Date, nullable=False),
    Column("channel", String(12), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("communes", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("recipients", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fault", Text, nullable=False),
    Column("digest_id", String(36), index=True),
    Column("filled_at", DateTime, nullable=False),
    Column("claimed_at", DateTime),
    Column("next_at", DateTime),
    Column("sent_at", DateTime),
    Column("acknowledged_at", DateTime),
    Column("acknowledged_by", Text, nullable=False),
    UniqueConstraint("province_code", "signal", "day", "channel"),
)

# What a batch says, each row with the batch's number; its problems stay when it is undone.
BATCH_TABLES = (
    reading,
    dossier_count,
    dossier,
    certificate_count,
    outage,
    visit,
    follow_up,
    weak_entry,
    team,
    team_day,
    support_step,
    field_resource,
    feedback,
)
