-- guard_audit.sql: nobody changes or removes lines of the audit (PostgreSQL), as migration 0007 says.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM PUBLIC, CURRENT_USER
