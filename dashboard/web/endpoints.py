"""Which action each address of the server is, and which addresses are asked in their own way.

An address without a row in ENDPOINT_ACTIONS is refused, whatever it is (deny by default,
access.py); a test walks all rules of the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.accounts.roles import Action

ENDPOINT_ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        # Dash's own, and what scripts and styles are
        "static": Action.ENTER,
        "_dash_assets.static": Action.ENTER,
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Action.ENTER,
        "/_dash-layout": Action.LOOK,
        "/_dash-dependencies": Action.LOOK,
        "/_reload-hash": Action.LOOK,
        "/_favicon.ico": Action.ENTER,
        "/": Action.LOOK,
        "/<path:path>": Action.ENTER,  # answers 404
        "bundle": Action.ENTER,
        "dash_scripts": Action.ENTER,
        "plotly_js": Action.ENTER,
        "worker": Action.ENTER,
        "list_worker": Action.ENTER,
        "health": Action.ENTER,
        "ready": Action.ENTER,
        "metrics": Action.ENTER,  # for whom is its own setting
        # what pages show
        "state": Action.LOOK,
        "charts": Action.LOOK,
        "map_of": Action.LOOK,
        "moved": Action.LOOK,
        "days_of": Action.LOOK,
        "names_of": Action.LOOK,
        "screen": Action.LOOK,
        "scenes": Action.LOOK,
        "heard": Action.REPORT_SCREEN,
        "/tim": Action.LOOK,
        "/toan-quoc": Action.LOOK,
        "/thieu-gi": Action.LOOK,
        "/to-cong-tac": Action.LOOK,
        "/to-cong-tac/lich": Action.LOOK,
        "/to-cong-tac/bao-cao": Action.LOOK,
        "/to-cong-tac/viec-hua": Action.LOOK,
        "/du-lieu": Action.LOOK,
        "/chi-so": Action.LOOK,
        "/ho-so": Action.LOOK,
        "/xep-hang": Action.LOOK,
        "/xa/<code>": Action.LOOK,
        "/so-sanh": Action.LOOK,
        "/api": Action.LOOK,
        "/ban-tin": Action.LOOK,
        "/ban-tin/hop": Action.LOOK,
        "/nhung": Action.LOOK,
        "/toan-canh": Action.LOOK,
        "/toan-canh/bieu-do/<figure>.json": Action.LOOK,
        "/ho-so/bieu-do/<figure>.json": Action.LOOK,
        "/xa/<code>/bieu-do/<figure>.json": Action.LOOK,
        # what is taken along
        "report": Action.TAKE_AWAY,
        "download": Action.TAKE_AWAY,
        "download_workbook": Action.TAKE_AWAY,
        "dossier_form": Action.TAKE_AWAY,
        "declaration_form": Action.TAKE_AWAY,
        "field_report_workbook": Action.TAKE_AWAY,
        "bulletin_pdf": Action.TAKE_AWAY,
        # the same for programs: /api/v1
        "api_provinces": Action.TAKE_AWAY,
        "api_province": Action.TAKE_AWAY,
        "api_communes": Action.TAKE_AWAY,
        "api_commune": Action.TAKE_AWAY,
        "api_levels": Action.TAKE_AWAY,
        "api_criteria": Action.TAKE_AWAY,
        "api_readings": Action.TAKE_AWAY,
        "api_dossiers": Action.TAKE_AWAY,
        "api_rankings": Action.TAKE_AWAY,
        "api_signals": Action.TAKE_AWAY,
        "api_sources": Action.TAKE_AWAY,
        "api_follow_ups": Action.TAKE_AWAY,
        "api_support_requests": Action.TAKE_AWAY,
        "api_weak_list": Action.TAKE_AWAY,
        "api_teams": Action.TAKE_AWAY,
        "api_team_days": Action.TAKE_AWAY,
        "api_field_resources": Action.TAKE_AWAY,
        "api_feedback": Action.TAKE_AWAY,
        "api_visits": Action.TAKE_AWAY,
        "api_map": Action.TAKE_AWAY,
        "api_changes": Action.TAKE_AWAY,
        "api_calendar": Action.TAKE_AWAY,
        "api_description": Action.ENTER,  # how to ask; no figure is in it
        # wall screens
        "enter_screen": Action.ENTER,
        # accounts
        "sign_in": Action.ENTER,
        "redeem_link": Action.ENTER,
        "begin_province_sign_in": Action.ENTER,
        "end_province_sign_in": Action.ENTER,
        "sign_out": Action.KEEP_ACCOUNT,
        "change_password": Action.KEEP_ACCOUNT,
        "show_account": Action.KEEP_ACCOUNT,
        "end_session": Action.KEEP_ACCOUNT,
        # files that are sent
        "send_files": Action.SEND_FILES,
        "show_upload": Action.SEND_FILES,
        "confirm_upload": Action.SEND_FILES,
        "retry_upload": Action.SEND_FILES,
        "drop_upload": Action.SEND_FILES,
        "undo_batch": Action.SEND_FILES,
        "download_form": Action.TAKE_AWAY,
        # visits of teams; the page itself holds no figure, a phone keeps it
        "visit_form": Action.ENTER,
        "visit_sheets": Action.RECORD_VISITS,
        "visit_session": Action.RECORD_VISITS,
        "receive_visit": Action.RECORD_VISITS,
        "receive_saved_visits": Action.SEND_FILES,
        # what offices promised
        "decide_weak_list": Action.COORDINATE,
        "plan_team_days": Action.COORDINATE,
        # counts of a month, as a file would bring them
        "tell_feedback": Action.SEND_FILES,
        "tell_resource": Action.SEND_FILES,
        "/to-cong-tac/yeu-cau": Action.LOOK,
        # each step has its own right besides (support_requests/writing.py)
        "ask_support": Action.ASK_SUPPORT,
        "show_support_request": Action.ASK_SUPPORT,
        "add_support_step": Action.ASK_SUPPORT,
        "add_follow_up": Action.COORDINATE,
        "withdraw_follow_up": Action.COORDINATE,
        # what was sent of what needs a decision
        "show_alerts": Action.COORDINATE,
        "acknowledge_alert": Action.COORDINATE,
        # who changed what; accounts, keys, screens
        "show_audit": Action.READ_AUDIT,
        "download_audit": Action.READ_AUDIT,
        "download_audit_workbook": Action.READ_AUDIT,
        "administer": Action.ADMINISTER,
        "add_account": Action.ADMINISTER,
        "change_account": Action.ADMINISTER,
        "add_key": Action.ADMINISTER,
        "revoke_key": Action.ADMINISTER,
        "add_screen": Action.ADMINISTER,
        "change_screen": Action.ADMINISTER,
        # the same for programs, with a key of their office
        "receive_import": Action.SEND_FILES,
        "show_import": Action.SEND_FILES,
        "confirm_import": Action.SEND_FILES,
    }
)
# What a wall screen asks for: where viewing needs an account, its own secret opens these.
WALL_ENDPOINTS = frozenset({"screen", "scenes", "map_of", "heard"})
# Posted by a script of ours that only says that a screen is on: no form, no token.
SCRIPT_POSTS = frozenset({"heard"})
# Files: as large as the settings allow, where any other body is small.
LARGE_POSTS = frozenset({"send_files", "receive_import"})
# Only for programs: no cookie opens them, so that no page of another site can use one. A key opens
# no form of a page.
KEY_ENDPOINTS = frozenset({"receive_import", "show_import", "confirm_import"})
# Proxies and watchdogs ask by whatever name they have; no figure is in the answer.
ASKED_BY_MACHINES = frozenset({"health", "ready"})
COSTLY_ENDPOINTS = frozenset(
    {
        "report",
        "download",
        "download_workbook",
        "download_form",
        "dossier_form",
        "declaration_form",
        "field_report_workbook",
        "bulletin_pdf",
    }
)
# It names the provinces that an account reaches, and no figure of any.
OF_ALL_PROVINCES = frozenset({"api_provinces"})
