-- dossiers_per_unit.sql: the dossiers of each commune (or department) from one day to another, of one grain.
-- Flows are summed; stocks (what is open) are those of the last day and NULL where it is not told.
SELECT unit,
    SUM(received) AS received, SUM(received_online) AS received_online, SUM(resolved) AS resolved,
    SUM(resolved_early) AS resolved_early, SUM(resolved_on_time) AS resolved_on_time,
    SUM(resolved_late) AS resolved_late, SUM(on_time_766) AS on_time_766,
    SUM(CASE WHEN period_to = :last THEN open_in_term END) AS open_in_term,
    SUM(CASE WHEN period_to = :last THEN open_overdue END) AS open_overdue
FROM current_dossier_count
WHERE province_code = :province AND level = :level
    AND period_from >= :first AND period_to <= :last
    AND ((:daily = 1 AND period_from = period_to)
        OR (:daily = 0 AND period_from = :first AND period_to = :last))
GROUP BY unit
