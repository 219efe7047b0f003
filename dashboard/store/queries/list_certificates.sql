-- list_certificates.sql: each commune's counts of certificates, from one day to another.
SELECT commune_code, as_of, active, locked, revoked, expired, expiring_30, expiring_60, batch_id AS batch
FROM current_certificate_count
WHERE province_code = :province AND as_of >= :first AND as_of <= :last
ORDER BY commune_code, as_of
