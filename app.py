"""The server that gunicorn runs: `server`. Loaded in its master, before the workers are forked."""

import os
import sys

from dashboard.cli.language import translate_message
from dashboard.errors import DashboardError
from dashboard.settings import read_settings
from dashboard.web.server import create_app

try:
    _dashboard = create_app(read_settings(os.environ))
except DashboardError as problem:
    print(translate_message(problem.args[0]), file=sys.stderr)
    sys.exit(2)
server = _dashboard.server
# What the first request makes and touches is made and touched here, so that workers share it: 6 MB
# of each. Neither counted nor logged, for nobody asked.
with server.test_request_context("/health"):
    server.preprocess_request()
    _dashboard.serve_layout()
# A connection must not be shared by two processes: each worker opens its own.
server.config["DASHBOARD_ENGINE"].dispose()
if server.config["DASHBOARD_REPLICA"]:
    server.config["DASHBOARD_REPLICA"].engine.dispose()
