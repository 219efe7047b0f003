-- told_days.sql: which kind of source told of which commune on which day, from a day on.
-- Asked of the tables, not of the views: a source whose figure another one corrected has told all the same.
-- What the sample or a re-imported export holds is named by the kind of file that would have told it.
SELECT DISTINCT CASE
        WHEN b.kind NOT IN ('sample', 'exported') THEN b.kind
        WHEN r.basis = 'declared' THEN 'readiness'
        WHEN r.measure IN ('network_uptime', 'network_mbps_probed') THEN 'probe_log'
        ELSE 'visits' END AS kind,
    r.commune_code, r.as_of
FROM reading r
JOIN current_batch b ON b.id = r.batch_id
WHERE b.province_code = :province AND r.as_of >= :since
UNION
SELECT CASE
        WHEN b.kind NOT IN ('sample', 'exported') THEN b.kind
        WHEN d.period_from = d.period_to THEN 'dossiers'
        ELSE 'dossier_report' END,
    u.code, d.period_to
FROM dossier_count d
JOIN current_batch b ON b.id = d.batch_id
JOIN unit u ON u.code = COALESCE(d.deciding_unit, d.accepting_unit)
WHERE b.province_code = :province AND u.level = 'commune' AND d.period_to >= :since
UNION
SELECT CASE WHEN b.kind IN ('sample', 'exported') THEN 'certificates' ELSE b.kind END, c.commune_code, c.as_of
FROM certificate_count c
JOIN current_batch b ON b.id = c.batch_id
WHERE b.province_code = :province AND c.as_of >= :since
ORDER BY 1, 2, 3
