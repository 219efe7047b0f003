"""The server that gunicorn runs: `server`."""

import os
import sys

from dashboard.errors import DashboardError
from dashboard.settings import read_settings
from dashboard.web.server import create_app

try:
    server = create_app(read_settings(os.environ)).server
except DashboardError as problem:
    sys.exit(str(problem))
