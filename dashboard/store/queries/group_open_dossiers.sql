-- group_open_dossiers.sql: the dossiers that were received but not finished before a moment; alike ones are one row.
-- The state decides, as in the day counts: an open state with a finish is open, and a resolved one without a finish
-- was finished nobody knows when: left out, or it would be overdue for ever. What was finished later was open then,
-- but for a finish after the list's own day (`:told`), which is a slip. Overdue by the moment, as in the day counts.
SELECT unit, DATE(received_at) AS received_on, DATE(due) AS due_on,
    CASE WHEN state IN (5, 6, 8) THEN 'paused' ELSE 'open' END AS state_group,
    CASE WHEN due < :judged_at THEN 1 ELSE 0 END AS is_overdue,
    COUNT(*) AS dossiers
FROM ({newest}) AS d
WHERE received_at < :before AND (state IN (2, 4, 5, 6, 8) OR (finished_at >= :before AND finished_at < :told))
GROUP BY 1, 2, 3, 4, 5
