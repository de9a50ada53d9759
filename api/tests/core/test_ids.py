from time import time

from app.core.ids import new_id


def test_ids_are_uuids_of_version_7_that_grow() -> None:
    ids = [new_id() for _ in range(2_000)]

    assert all(found.version == 7 and found.variant == "specified in RFC 4122" for found in ids)
    assert len(set(ids)) == 2_000
    assert [found.int >> 64 for found in ids] == sorted(found.int >> 64 for found in ids)


def test_an_id_begins_with_its_millisecond() -> None:
    before = int(time() * 1_000)
    found = new_id().int >> 80
    after = int(time() * 1_000)

    assert before <= found <= after
