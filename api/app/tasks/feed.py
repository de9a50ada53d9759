"""Every statement that changes a task's status or attempt also writes the feed, so that no crash can part the two."""


def with_feed(changed: str, event: str) -> str:
    """One statement: `changed` (SQL that returns `tasks.*`), and for each such task a feed row of type `event` (SQL).

    A user's numbers come from a row that is locked until the commit, so they are dense and in the order of the commits;
    a sequence would let a reader see 8 before 7 is there. Several users' rows are locked in order of their ids.
    """
    return f"""
    WITH changed AS ({changed}),
    heads AS (
        INSERT INTO feed_heads AS head (user_id, seq)
        SELECT owner_id, count(*) FROM changed GROUP BY owner_id ORDER BY owner_id
        ON CONFLICT (user_id) DO UPDATE SET seq = head.seq + excluded.seq
        RETURNING user_id, seq
    ),
    written AS (
        INSERT INTO feed (user_id, seq, task_id, type, status, attempt)
        SELECT owner_id, heads.seq - row_number() OVER (PARTITION BY owner_id ORDER BY changed.id DESC) + 1,
            changed.id, {event}, changed.status, changed.attempt
        FROM changed JOIN heads ON heads.user_id = changed.owner_id
    )
    SELECT * FROM changed
    """
