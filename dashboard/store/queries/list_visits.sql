-- list_visits.sql: what teams found at one commune by a day: every verified value, with the note beside it.
-- A visit that left nothing but a note has no value; a value of the sample has no note.
SELECT r.as_of AS visited_on, r.measure, r.value, v.team, v.note, r.batch_id AS batch
FROM current_reading r
LEFT JOIN visit v ON v.batch_id = r.batch_id AND v.commune_code = r.commune_code
    AND v.visited_on = r.as_of AND v.measure = r.measure
WHERE r.province_code = :province AND r.commune_code = :commune AND r.basis = 'verified' AND r.as_of <= :until
    AND r.measure NOT IN ('network_uptime', 'network_mbps_probed')
UNION ALL
SELECT v.visited_on, v.measure, NULL, v.team, v.note, v.batch_id
FROM visit v
JOIN current_batch b ON b.id = v.batch_id
WHERE b.province_code = :province AND v.commune_code = :commune AND v.measure IS NULL AND v.visited_on <= :until
ORDER BY 1 DESC, 2, 6 DESC
