-- The hosts that failed, or whose newest line is older than a day.
SELECT host, netns, status, taken, coalesce(error, 'older than a day') AS why
FROM host
WHERE status = 'failed' OR julianday(taken) < julianday('now') - 1
ORDER BY status = 'failed' DESC, taken, host;
