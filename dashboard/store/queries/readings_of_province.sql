-- readings_of_province.sql: everything the communes of a province reported up to a day, and what visits found.
-- History, not only the latest: the curve over time and a past day are computed from the same rows.
SELECT commune_code, measure, basis, as_of, value
FROM current_reading
WHERE province_code = :province AND as_of <= :until
