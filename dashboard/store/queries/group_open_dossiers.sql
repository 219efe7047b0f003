-- group_open_dossiers.sql: the dossiers that were received but not finished before a moment; alike ones are one row.
-- Overdue by the moment, as in the day counts.
SELECT unit, DATE(received_at) AS received_on, DATE(due) AS due_on,
    CASE WHEN state IN (5, 6, 8) THEN 'paused' ELSE 'open' END AS state_group,
    CASE WHEN due < :judged_at THEN 1 ELSE 0 END AS is_overdue,
    COUNT(*) AS dossiers
FROM ({opened}) AS o
GROUP BY 1, 2, 3, 4, 5
