-- list_reporting_provinces.sql: the provinces of which any batch counts, whatever its kind.
SELECT DISTINCT province_code FROM current_batch ORDER BY province_code
