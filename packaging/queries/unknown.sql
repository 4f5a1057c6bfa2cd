-- What could not be judged, by what was missing.
SELECT missing.value AS missing,
       count(DISTINCT host) AS hosts,
       count(DISTINCT unknown.value ->> 'rule') AS checks
FROM host,
     json_each(host.json, '$.unknown') AS unknown,
     json_each(unknown.value, '$.missing') AS missing
GROUP BY missing
ORDER BY hosts DESC, missing;
