-- list_visit_results.sql: what visits found, saw and noted, one row a finding with the value that counts, or a note alone (measure and value NULL).
SELECT v.commune_code, v.visited_on, v.measure, r.value, v.team, v.note
FROM visit v
JOIN current_batch b ON b.id = v.batch_id
LEFT JOIN current_reading r
    ON r.province_code = b.province_code AND r.commune_code = v.commune_code AND r.measure = v.measure
    AND r.basis = 'verified' AND r.as_of = v.visited_on
WHERE b.province_code = :province AND v.visited_on >= :first AND v.visited_on <= :last
ORDER BY v.visited_on, v.commune_code, v.measure, v.batch_id
