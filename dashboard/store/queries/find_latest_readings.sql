-- find_latest_readings.sql: the last value each commune gave for each measure, on each basis, by a day.
SELECT commune_code, measure, value, basis, as_of, batch_id AS batch
FROM (
    SELECT r.*, ROW_NUMBER() OVER (
        PARTITION BY commune_code, measure, basis ORDER BY as_of DESC) AS latest_first
    FROM current_reading r
    WHERE province_code = :province AND as_of <= :until) AS ranked
WHERE latest_first = 1
ORDER BY commune_code, measure, basis
