-- day_counts_of_singles.sql: what a province's single dossiers add up to, per unit pair and day.
-- Flows on every day; stocks only on :last, the day the newest list speaks of, because a list tells a
-- dossier's state now, not what it was on earlier days. Only days that batch :batch touches are counted anew.
WITH told AS (
    SELECT accepting_unit, deciding_unit, channel, digitised, state, received_at, due, finished_at,
        DATE(received_at) AS received_on, DATE(finished_at) AS finished_on, DATE(due) AS due_on
    FROM current_dossier
    WHERE province_code = :province AND (state IS NULL OR state NOT IN (1, 3))
),
touched AS (
    SELECT DATE(received_at) AS day FROM dossier WHERE batch_id = :batch AND received_at IS NOT NULL
    UNION SELECT DATE(finished_at) FROM dossier
        WHERE finished_at IS NOT NULL AND code IN (SELECT code FROM dossier WHERE batch_id = :batch)
    UNION SELECT DATE(:last)
),
flows AS (
    SELECT accepting_unit, deciding_unit, received_on AS day,
        1 AS received,
        CASE WHEN channel = 'online' THEN 1 ELSE 0 END AS received_online,
        CASE WHEN channel = 'post' THEN 1 ELSE 0 END AS received_post,
        CASE WHEN channel IS NULL OR channel NOT IN ('online', 'post') THEN 1 ELSE 0 END AS received_in_person,
        CASE WHEN channel = 'online' OR digitised THEN 1 ELSE 0 END AS digitised,
        CASE WHEN state IN (7, 9, 10) THEN
                CASE WHEN due IS NULL OR finished_at IS NULL OR finished_at <= due THEN 1 ELSE 0 END
            WHEN due IS NULL OR due >= :moment THEN 1 ELSE 0 END AS on_time_766,
        0 AS resolved, 0 AS resolved_early, 0 AS resolved_on_time, 0 AS resolved_late,
        0 AS open, 0 AS open_in_term, 0 AS open_overdue, 0 AS paused
    FROM told WHERE received_on IS NOT NULL
    UNION ALL
    SELECT accepting_unit, deciding_unit, finished_on, 0, 0, 0, 0, 0, 0, 1,
        CASE WHEN due IS NOT NULL AND finished_on < due_on THEN 1 ELSE 0 END,
        CASE WHEN due IS NULL OR (finished_at <= due AND finished_on = due_on) THEN 1 ELSE 0 END,
        CASE WHEN due IS NOT NULL AND finished_at > due THEN 1 ELSE 0 END,
        0, 0, 0, 0
    FROM told WHERE state IN (7, 9, 10) AND finished_on IS NOT NULL
    UNION ALL
    SELECT accepting_unit, deciding_unit, DATE(:last), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        CASE WHEN state IN (2, 4) THEN 1 ELSE 0 END,
        CASE WHEN state IN (2, 4) AND (due IS NULL OR due >= :moment) THEN 1 ELSE 0 END,
        CASE WHEN state IN (2, 4) AND due < :moment THEN 1 ELSE 0 END,
        CASE WHEN state IN (5, 6, 8) THEN 1 ELSE 0 END
    FROM told WHERE state IN (2, 4, 5, 6, 8)
)
SELECT accepting_unit, deciding_unit, day,
    SUM(received) AS received, SUM(received_online) AS received_online,
    SUM(received_in_person) AS received_in_person, SUM(received_post) AS received_post,
    SUM(digitised) AS digitised, SUM(on_time_766) AS on_time_766, SUM(resolved) AS resolved,
    SUM(resolved_early) AS resolved_early, SUM(resolved_on_time) AS resolved_on_time,
    SUM(resolved_late) AS resolved_late, SUM(open) AS open, SUM(open_in_term) AS open_in_term,
    SUM(open_overdue) AS open_overdue, SUM(paused) AS paused
FROM flows
WHERE day IN (SELECT day FROM touched)
GROUP BY accepting_unit, deciding_unit, day
