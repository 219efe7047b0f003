"""The server that gunicorn runs: `server`."""

import os
import sys

from dashboard.errors import DashboardError
from dashboard.server import create_app
from dashboard.settings import from_environment

try:
    server = create_app(from_environment(os.environ)).server
except DashboardError as problem:
    sys.exit(str(problem))
