-- drop_guarding_functions.sql: what refuses changes of the audit, of whichever schema (PostgreSQL).
DO $$
DECLARE guard record;
BEGIN
    FOR guard IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'refuse_change_of_%' LOOP
        EXECUTE 'DROP FUNCTION ' || guard.name || ' CASCADE';
    END LOOP;
END $$;
