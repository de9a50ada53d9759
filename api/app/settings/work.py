"""How tasks are worked on, and how they are watched."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from app.settings.base import Duration, Group, parse_duration


class TaskSettings(Group):
    """Tasks and their workers."""

    model_config = SettingsConfigDict(env_prefix="TASK_")

    running_per_user: int = Field(
        5, ge=1, validation_alias="TASKS_RUNNING_PER_USER", description="Queued and running tasks a user may have."
    )
    per_day: int = Field(
        200, ge=1, validation_alias="TASKS_PER_DAY", description="Tasks a user may create in a day (UTC)."
    )
    max_tokens: int = Field(8_000, ge=1, description="Tokens a task may use.")
    worker_capacity: int = Field(100, ge=1, description="Tasks that one worker process runs at a time.")
    lease: Duration = Field(parse_duration("6s"), description="After this silence of a worker its tasks go to another.")
    lease_extend: Duration = Field(parse_duration("2s"), description="How often a worker extends its leases.")
    poll: Duration = Field(parse_duration("2s"), description="How often a worker looks for work that nobody rang for.")
    cancel_check: Duration = Field(parse_duration("500ms"), description="How often a worker looks for cancelled tasks.")
    sweep: Duration = Field(parse_duration("2s"), description="How often tasks that nobody will end are looked for.")
    checkpoint: Duration = Field(parse_duration("1s"), description="How far a row's text may be behind its stream.")
    max_attempts: int = Field(5, ge=1, description="Attempts that may be cut off before a task fails.")
    feed_ttl: Duration = Field(parse_duration("1h"), description="How long feed events are kept.")


class StreamSettings(Group):
    """Streams to browsers."""

    model_config = SettingsConfigDict(env_prefix="STREAM_")

    heartbeat: Duration = Field(parse_duration("8s"), description="The silence after which a heartbeat is sent.")
    log_ttl: Duration = Field(parse_duration("1h"), description="How long a task's log is kept after its last event.")
    rotate_after: Duration = Field(parse_duration("5m"), description="When a connection is ended to be reopened.")
    buffer_bytes: int = Field(
        131_072, ge=4_096, description="What may wait for a slow client before it is cut, in bytes."
    )
    flush_interval: Duration = Field(parse_duration("10ms"), description="How long tokens are gathered for one append.")
    coalesce: Duration = Field(parse_duration("5ms"), description="How long the hub gathers events for one read.")
    row_check: Duration = Field(parse_duration("2s"), description="The silence after which the row is asked.")
    per_user: int = Field(
        100, ge=1, validation_alias="STREAMS_PER_USER", description="Streams a user may have open on an API process."
    )
    sockets_per_user: int = Field(
        20, ge=1, validation_alias="SOCKETS_PER_USER", description="Sockets a user may have open on an API process."
    )
    topics_per_socket: int = Field(100, ge=1, description="Topics that one socket may be subscribed to.")
    replay_limit: int = Field(
        20, ge=0, description="Events that are replayed one by one; beyond these a snapshot is sent."
    )
    drain_retry: Duration = Field(
        parse_duration("1s"), description="What clients wait before they reopen after a deploy."
    )
