-- list_simulated_provinces.sql: the provinces whose figures that count now are simulated.
SELECT DISTINCT province_code FROM current_batch WHERE origin = 'simulated' ORDER BY province_code
