import pytest
from redis.asyncio import Redis

from app.core.db import Database
from tests.people import Person
from tests.tasks.workers import Desk


@pytest.fixture
async def desk(db: Database, valkey: Redis, person: Person) -> Desk:
    desk = Desk(db, valkey, person.id)
    # other tests' tasks are nobody's to claim here
    await desk.execute("DELETE FROM tasks WHERE status IN ('queued', 'running')")
    return desk
