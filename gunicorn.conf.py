"""How gunicorn serves `app:server`; every number comes from the settings (README)."""

import os
from pathlib import Path

import dashboard.web.server  # noqa: F401  # here, in the master: read once, and every worker starts with it at once
from dashboard.settings import read_settings

_settings = read_settings(os.environ)

wsgi_app = "app:server"
bind = (
    f"[{_settings.host}]:{_settings.port}"
    if ":" in _settings.host
    else f"{_settings.host}:{_settings.port}"
)
worker_class = "gthread"
workers = _settings.workers
threads = _settings.threads
# Longer than a page's pause between two polls, so that it keeps its connection.
keepalive = max(30, _settings.poll_seconds * 2)
timeout = 60
graceful_timeout = 10
# A worker that leaks is replaced before anybody notices, and never all at once.
max_requests = 20_000
max_requests_jitter = 2_000
# The engine is opened after the fork: a database connection must not be shared by two processes.
preload_app = False
# gunicorn >= 25.1 opens a control socket unless told not to.
control_socket_disable = True
accesslog = None
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
