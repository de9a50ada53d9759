"""What the app's role may do with a table: only what a migration says here."""

from alembic import op
from sqlalchemy import make_url

from app.settings import DatabaseSettings, load_group


def grant(table: str, *privileges: str) -> None:
    """Gives the role of DATABASE_URL exactly these privileges. Where it owns the tables there is nothing to give."""
    settings = load_group(DatabaseSettings)
    app = make_url(settings.url.get_secret_value()).username
    owner = make_url(settings.owner_url).username
    if app is None or app == owner:
        return
    role = op.get_context().dialect.identifier_preparer.quote(app)
    op.execute(f"REVOKE ALL ON {table} FROM {role}")
    op.execute(f"GRANT {', '.join(privileges)} ON {table} TO {role}")
