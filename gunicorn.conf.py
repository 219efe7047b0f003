"""How gunicorn serves `app:server`; every number comes from the settings (README)."""

import gc
import os
import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp

# Counts of all processes for /metrics lie in files that they share; read when prometheus-client is
# imported, so it is set before anything that counts. On SIGHUP this file is read again: they stay.
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
if "prometheus_client" not in sys.modules:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = mkdtemp(prefix="dashboard-metrics-", dir=_MEMORY)
assert "PROMETHEUS_MULTIPROC_DIR" in os.environ, "each process would count alone"

from dashboard.memory import limit_memory  # noqa: E402

limit_memory(os.environ)
# Nothing of what is imported goes away, so nobody looks for it: an eighth of the time to start.
gc.disable()

from dashboard.counters import merge_counts  # noqa: E402
from dashboard.settings import read_settings  # noqa: E402
from dashboard.web.answer_maker import become_maker, open_maker_socket  # noqa: E402
from dashboard.web.request_log import build_log_config  # noqa: E402

_settings = read_settings(os.environ)

wsgi_app = "app:server"
bind = (
    f"[{_settings.host}]:{_settings.port}"
    if ":" in _settings.host
    else f"{_settings.host}:{_settings.port}"
)
worker_class = "dashboard.web.arrivals.PatientWorker"
# Each process may open 1,024 files where nobody raised it.
worker_connections = 800
# One more than the settings say: it listens on a file and makes answers for the others.
_maker_socket = None
if _settings.kept_bytes:
    _maker_socket = open_maker_socket(Path(mkdtemp(dir=os.environ["PROMETHEUS_MULTIPROC_DIR"])))
_maker = None
workers = _settings.workers + (_maker_socket is not None)
threads = _settings.threads
# Longer than a page's pause between two polls, so that it keeps its connection.
keepalive = max(30, _settings.poll_seconds * 2)
timeout = 60
graceful_timeout = 10
# A worker that leaks is replaced before anybody notices, and never all at once.
max_requests = 20_000
max_requests_jitter = 2_000
# Made once, in the master: every worker starts with it at once and shares its memory. The engine's
# connections are closed there (app.py): none may be shared by two processes.
preload_app = True
# gunicorn >= 25.1 opens a control socket unless told not to.
control_socket_disable = True
accesslog = None
loglevel = "warning"
logconfig_dict = build_log_config(_settings.log_format)
worker_tmp_dir = _MEMORY


def when_ready(_server):
    """What there is now stays: a worker that looked through it for waste would write into it, and
    each written page of memory is one that it no longer shares.
    """
    gc.collect()
    gc.freeze()


def pre_fork(server, worker):
    """One of the workers is the maker; another takes its place where it ended."""
    global _maker
    if _maker_socket is not None and (_maker is None or _maker not in server.WORKERS.values()):
        _maker = worker


def post_fork(_server, worker):
    gc.enable()
    if worker is _maker:
        worker.sockets = [_maker_socket]
        become_maker()


def child_exit(_server, worker):
    """A worker that was replaced leaves its counts, not its files: there would be thousands."""
    merge_counts(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]), worker.pid)


def on_exit(_server):
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
