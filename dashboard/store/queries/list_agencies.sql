-- list_agencies.sql: the name of every agency of a province as a file told it.
SELECT agency_code, name
FROM agency
WHERE province_code = :province
