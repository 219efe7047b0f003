-- list_outages.sql: each commune's stretches without a line, of the log that tells the uptime that counts of that day.
SELECT o.commune_code, o.began_at, o.ended_at
FROM outage o
JOIN current_reading r ON r.batch_id = o.batch_id AND r.commune_code = o.commune_code AND r.as_of = o.as_of
    AND r.measure = 'network_uptime' AND r.basis = 'verified'
WHERE r.province_code = :province
ORDER BY o.commune_code, o.began_at
