-- dossiers_by_period.sql: what all communes of a province received and resolved, per period that a source told.
-- Departments stay apart. A day is a period whose first day is its last; grains are never added together here.
SELECT period_from, period_to, COUNT(DISTINCT unit) AS communes,
    SUM(received) AS received, SUM(resolved) AS resolved, SUM(resolved_late) AS resolved_late,
    SUM(open_overdue) AS open_overdue, SUM(on_time_766) AS on_time_766
FROM current_dossier_count
WHERE province_code = :province AND level = 'commune' AND period_to <= :until
GROUP BY period_from, period_to
ORDER BY period_from, period_to
