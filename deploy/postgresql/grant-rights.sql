-- What the machines that serve pages may do: read and write rows, alter nothing. Said once, by the owner of the tables, in the store:
--   psql dashboard -c "CREATE ROLE dashboard_web LOGIN PASSWORD '…'" && psql dashboard -f deploy/postgresql/grant-rights.sql
-- `setup`, `upgrade` and `restore` go on as the owner; tables that they make later have the same rights.
GRANT USAGE ON SCHEMA public TO dashboard_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO dashboard_web;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dashboard_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dashboard_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO dashboard_web;
