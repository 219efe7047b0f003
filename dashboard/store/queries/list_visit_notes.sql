-- list_visit_notes.sql: who was at the communes of a province and what they wrote: beside a value, or alone (measure NULL).
SELECT v.visited_on, v.commune_code, v.measure, v.team, v.note
FROM visit v
JOIN current_batch b ON b.id = v.batch_id
WHERE b.province_code = :province AND v.visited_on >= :first AND v.visited_on <= :last AND (v.note IS NOT NULL OR v.team IS NOT NULL)
ORDER BY v.visited_on, v.commune_code, v.measure, v.batch_id
