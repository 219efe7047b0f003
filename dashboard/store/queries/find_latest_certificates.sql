-- find_latest_certificates.sql: the last counts of certificates that are known of each commune by a day.
SELECT commune_code, as_of, active, locked, revoked, expired, expiring_30, expiring_60, batch_id AS batch
FROM (
    SELECT c.*, ROW_NUMBER() OVER (PARTITION BY commune_code ORDER BY as_of DESC) AS latest_first
    FROM current_certificate_count c
    WHERE province_code = :province AND as_of <= :last) AS ranked
WHERE latest_first = 1
ORDER BY commune_code
