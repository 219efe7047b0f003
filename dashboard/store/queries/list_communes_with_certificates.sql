-- list_communes_with_certificates.sql: the communes of a province of whose certificates any batch that counts told by a day.
SELECT DISTINCT c.commune_code AS code
FROM certificate_count c
JOIN current_batch b ON b.id = c.batch_id
WHERE b.province_code = :province AND c.as_of <= :until
