import pytest
from redis.asyncio import Redis

from app.core.db import Database
from app.core.ids import new_id
from tests.tasks.workers import Desk


@pytest.fixture
async def desk(db: Database, valkey: Redis) -> Desk:
    owner = new_id()
    desk = Desk(db, valkey, owner)
    # other tests' tasks are nobody's to claim here
    await desk.execute("DELETE FROM tasks WHERE status IN ('queued', 'running')")
    await desk.execute(
        "INSERT INTO users (id, email, name, password_hash) VALUES (:id, :email, 'Ada', '')",
        id=owner, email=f"{owner}@example.com",
    )  # fmt: skip
    return desk
