"""What the app's role may do with a table: only what a migration says here."""

from alembic import op
from sqlalchemy import make_url

from app.settings import DatabaseSettings


def grant(table: str, *privileges: str) -> None:
    """Gives the role of DATABASE_URL exactly these privileges. Where it owns the tables there is nothing to give."""
    settings = DatabaseSettings()
    app = make_url(settings.url.get_secret_value()).username
    owner = make_url((settings.migration_url or settings.url).get_secret_value()).username
    if app is None or app == owner:
        return
    role = op.get_context().dialect.identifier_preparer.quote(app)
    op.execute(f"REVOKE ALL ON {table} FROM {role}")
    op.execute(f"GRANT {', '.join(privileges)} ON {table} TO {role}")
