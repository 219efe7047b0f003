-- select_open_dossiers.sql: the dossiers that were received but not finished before a moment, paused ones too.
-- The state decides, as in the day counts: an open state with a finish is open, and a resolved one without a finish
-- was finished nobody knows when: left out, or it would be overdue for ever. What was finished later was open then,
-- but for a finish after the list's own day (`:told`), which is a slip.
SELECT unit, received_at, due, state
FROM ({newest}) AS d
WHERE received_at < :before AND (state IN (2, 4, 5, 6, 8) OR (finished_at >= :before AND finished_at < :told))
