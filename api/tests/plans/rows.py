"""Many rows for every table, so that Postgres's planner has something to decide about: in a second or so."""

from uuid import UUID

MANY = 5_000

_FIRST = 0x01900000_0000_7000_8000_000000000000


def nth(number: int) -> UUID:
    """The id of a table's row by its number, from 0; with the numbers they grow."""
    return UUID(int=_FIRST + number)


ME = nth(0)
"""Nearly all tasks are theirs."""
EMAIL = "u0@example.com"
OTHER = nth(1)
"""Somebody with a task or two."""

# Of the tasks 5 wait, 10 run, and all others are done; every tenth had an idempotency key, the last hundred have one
# still. Mails wait for their time. Foreign keys aren't checked meanwhile: it would take as long again.
FILL = f"""
    CREATE FUNCTION nth(i bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT CAST('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS uuid) $$;
    SET session_replication_role = replica;

    INSERT INTO users (id, email, name, role, created_at)
    SELECT nth(i), 'u' || i || '@example.com', 'Name ' || i, CASE i % 1000 WHEN 0 THEN 'admin' ELSE 'user' END,
        now() - ({MANY} - i) * interval '1 hour'
    FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO sessions (id, user_id, refresh_hash, method, user_agent, address, expires_at, ends_at)
    SELECT nth(i), nth(i / 2), '', 'password', '', '', now() + (i - 20) * interval '1 hour', now() + interval '90 days'
    FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO revocations (id, credential_id, created_at)
    SELECT nth(i), nth(i), now() - ({MANY} - i) * interval '20 seconds' FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO registrations (email, name, password_hash, created_at)
    SELECT 'u' || i || '@example.com', 'Name', '-', now() - i * interval '8 seconds'
    FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO identities (id, user_id, provider, issuer, subject)
    SELECT nth(i), nth(i), 'google', 'https://accounts.example', i FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes)
    SELECT nth(i), nth(i / 2), 'Key', 'sk', sha256(CAST(CAST(i AS text) AS bytea)), '{{}}'
    FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO mails (id, user_id, recipient, kind, due_at)
    SELECT nth(i), nth(i), 'u' || i || '@example.com', 'verify', now() + (i - 10) * interval '1 minute'
    FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO one_time_links (id, mail_id, user_id, purpose, email, hash, expires_at)
    SELECT nth(i), nth(i), nth(i), 'verify', 'u' || i || '@example.com', sha256(CAST(CAST(i AS text) AS bytea)),
        now() + (i - 30) * interval '1 hour'
    FROM generate_series(0, {MANY - 1}) i;

    INSERT INTO audit_events (id, action, actor_id, user_id, request_id, created_at)
    SELECT nth(i), CASE i % 1000 WHEN 0 THEN 'role_changed' ELSE 'signed_in' END, nth(i / 5), nth(i / 5), '',
        now() - ({MANY} - i) * interval '15 minutes'
    FROM generate_series(0, {MANY - 1}) i;
    INSERT INTO audit_details (event_id, user_id, email, address, user_agent, created_at)
    SELECT id, user_id, 'u' || ('x' || right(CAST(user_id AS text), 8))::bit(32)::int || '@example.com', '', '',
        created_at
    FROM audit_events;

    INSERT INTO tasks (id, owner_id, kind, status, prompt, fingerprint, idempotency_key, text, attempt, cursor_seq,
        lease_until, worker, created_at, finished_at)
    SELECT nth(i), CASE i % 10 WHEN 9 THEN nth(i) ELSE nth(0) END, 'project_plan', state, 'A library of seeds', '',
        CASE WHEN i % 10 = 0 AND i >= {MANY - 1_000} THEN 'key ' || i END, 'text', 1, 0,
        CASE state WHEN 'running' THEN now() + interval '6 s' END, CASE state WHEN 'running' THEN 'w' END,
        made, CASE WHEN state IN ('completed', 'failed') THEN made END
    FROM (
        SELECT i, now() - ({MANY} - i) * interval '7 minutes' AS made,
            CASE WHEN i >= {MANY - 5} THEN 'queued' WHEN i >= {MANY - 15} THEN 'running'
                WHEN i % 1500 = 1 THEN 'failed' ELSE 'completed' END AS state
        FROM generate_series(0, {MANY - 1}) i
    ) AS row;
    INSERT INTO task_quotas SELECT nth(i), current_date, 1 FROM generate_series(0, {MANY - 1}) i;
    INSERT INTO feed_heads SELECT nth(i), 1 FROM generate_series(1, {MANY - 1}) i;
    INSERT INTO feed_heads VALUES (nth(0), {MANY});
    INSERT INTO feed (user_id, seq, task_id, type, status, attempt, created_at)
    SELECT nth(i % 2 * i), (1 - i % 2) * i + 1, nth(i), 'feed_updated', 'running', 1,
        now() - ({MANY} - i) * interval '360 ms'
    FROM generate_series(0, {MANY - 1}) i;

    SET session_replication_role = DEFAULT;

    VACUUM ANALYZE;
"""
