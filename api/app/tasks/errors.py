"""What can go wrong with a task."""

from datetime import UTC, datetime, timedelta

from app.core.errors import Problem


class IdempotencyConflict(Problem):
    """The Idempotency-Key belongs to another request."""

    status, code = 409, "idempotency_conflict"


class AlreadyFinished(Problem):
    """The task is finished."""

    status, code = 409, "already_finished"


class TooManyTasks(Problem):
    """Wait until one of your tasks is finished."""

    status, code = 429, "too_many_tasks"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class DailyLimit(Problem):
    """You have created all the tasks that you may create today (UTC)."""

    status, code = 429, "daily_limit"

    def __init__(self) -> None:
        now = datetime.now(UTC)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        super().__init__(headers={"Retry-After": str(int((midnight - now).total_seconds()) + 1)})


class TooManyStreams(Problem):
    """You have as many streams open as you may; close one."""

    status, code = 429, "too_many_streams"

    def __init__(self, most: int) -> None:
        retry = "5"
        standing = {"RateLimit-Limit": str(most), "RateLimit-Remaining": "0", "RateLimit-Reset": retry}
        # there is no period in which so many are free: a stream that ends is
        fields = {"RateLimit-Policy": f'"streams";q={most}', "RateLimit": f'"streams";r=0;t={retry}'}
        super().__init__(headers={"Retry-After": retry, **standing, **fields})
