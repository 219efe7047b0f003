"""`backup`, `restore`, `check`, `upgrade`: the store is kept, put back, looked at, renewed."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from dashboard import store
from dashboard.cli import console
from dashboard.cli.language import tell_user
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store.backup import restore_backup, write_backup
from dashboard.store.engine import (
    StoreOutdated,
    find_schema_revision,
    list_revisions,
    make_store_engine,
)
from dashboard.store.inspection import inspect_store


def back_up_store(settings: Settings, options: argparse.Namespace) -> int:
    """Write the store into one new file while it is used."""
    target = Path(options.file)
    with console.use_store(settings) as engine:
        size = write_backup(engine, target)
    print(
        tell_user(
            "Đã sao lưu kho dữ liệu vào {target} ({size:,.0f} MB); phục hồi bằng lệnh "
            "restore. Hãy cất thêm một bản ở máy khác.",
            target=console.make_printable(str(target)),
            size=size / 1e6,
        )
    )
    return console.DONE


def restore_store(settings: Settings, options: argparse.Namespace) -> int:
    """Put a backup in the place of the store; servers that run change over by themselves."""
    source = Path(options.file)
    aside = _name_copy(settings, "truoc-phuc-hoi", source.absolute().parent)
    turn = console.make_write_turn(settings, "restore")
    author = console.find_terminal_author()
    restored = restore_backup(settings.database_url, source, aside, turn, author)
    print(
        tell_user(
            "Đã phục hồi từ {source}: phiên bản {version}, kho có mã nhận "
            "dạng mới; máy chủ đang chạy tự chuyển sang, không cần khởi động lại",
            source=console.make_printable(source.name),
            version=restored.version.number,
        )
    )
    if restored.aside:
        print(tell_user("Kho trước khi phục hồi được giữ tại {aside}", aside=restored.aside))
    return console.DONE


def check_store(settings: Settings, _options: argparse.Namespace) -> int:
    """Look at the whole store: exit status 0 where it is sound."""
    with console.use_store(settings) as engine:
        inspection = inspect_store(engine)
    print(tell_user("Lược đồ {revision} (mới nhất)", revision=list_revisions()[-1]))
    for name, count in inspection.rows.items():
        print(tell_user("  {name}: {count:,} dòng", name=name, count=count))
    if not inspection.faults:
        print(tell_user("Kho dữ liệu toàn vẹn"))
        return console.DONE
    for fault in inspection.faults:
        print(tell_user("LỖI {fault}", fault=console.make_printable(fault)))
    print(
        tell_user(
            "Hãy phục hồi bản sao lưu gần nhất bằng lệnh restore, và kiểm tra ổ đĩa của máy này."
        )
    )
    return console.REFUSED


def upgrade_store(settings: Settings, _options: argparse.Namespace) -> int:
    """Bring the store to this program's schema, after a backup of what it was."""
    try:
        store.open_store(settings.database_url).dispose()
    except StoreOutdated:
        back_up_and_migrate(settings)
        return console.DONE
    print(
        tell_user(
            "Kho dữ liệu đã theo lược đồ mới nhất ({revision}), không có gì phải làm",
            revision=list_revisions()[-1],
        )
    )
    return console.DONE


def back_up_and_migrate(settings: Settings) -> None:
    """Keep the store as it is, then migrate it; says where it is kept."""
    engine = make_store_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            revision = find_schema_revision(connection)
        target = _name_copy(settings, f"truoc-nang-cap-{revision}", Path.cwd())
        write_backup(engine, target)
    finally:
        engine.dispose()
    print(
        tell_user(
            "Đã sao lưu kho theo lược đồ {revision} vào {target}", revision=revision, target=target
        ),
        flush=True,
    )
    store.prepare_store(settings.database_url).dispose()
    print(
        tell_user(
            "Đã nâng kho dữ liệu lên lược đồ {revision}; để trở lại phiên bản "
            "trước, cài lại phiên bản đó rồi phục hồi từ bản sao lưu này",
            revision=list_revisions()[-1],
        )
    )


def _name_copy(settings: Settings, reason: str, folder: Path) -> Path:
    """A name beside the SQLite store, for PostgreSQL in `folder`, that says why and when."""
    moment = datetime.now(VIETNAM).strftime("%Y%m%d-%H%M%S-%f")[:-3]
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        file = Path(url.database)
        return file.with_name(f"{file.stem}.{reason}-{moment}{file.suffix}")
    return folder / f"{url.database}.{reason}-{moment}.dump"
