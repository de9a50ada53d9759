#!/bin/sh
# The two roles and their database. The image runs it at the first start; run again, it renews the passwords:
#   docker compose exec postgres sh /docker-entrypoint-initdb.d/roles.sh
set -eu

# psql reads the passwords itself: a command line is everybody's to see.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\set superuser `cat /run/secrets/postgres_password`
\set owner `cat /run/secrets/migration_database_password`
\set app `cat /run/secrets/database_password`
SET log_min_duration_statement = -1; -- a slow statement is logged, a password never
SELECT 'CREATE ROLE slipstream_owner LOGIN' WHERE to_regrole('slipstream_owner') IS NULL \gexec
SELECT 'CREATE ROLE slipstream_app LOGIN' WHERE to_regrole('slipstream_app') IS NULL \gexec
ALTER ROLE postgres PASSWORD :'superuser';
ALTER ROLE slipstream_owner PASSWORD :'owner';
ALTER ROLE slipstream_app PASSWORD :'app';
SELECT 'CREATE DATABASE slipstream OWNER slipstream_owner'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'slipstream') \gexec
-- As it comes, every role may connect to every database and fill it with temporary tables.
REVOKE ALL ON DATABASE postgres, template1, slipstream FROM PUBLIC;
GRANT CONNECT ON DATABASE slipstream TO slipstream_app;
\connect slipstream
-- The app's role reads and writes what the owner's migrations make, and can change no table.
ALTER SCHEMA public OWNER TO slipstream_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE slipstream_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO slipstream_app;
ALTER DEFAULT PRIVILEGES FOR ROLE slipstream_owner GRANT USAGE, SELECT ON SEQUENCES TO slipstream_app;
ALTER DEFAULT PRIVILEGES FOR ROLE slipstream_owner GRANT USAGE ON SCHEMAS TO slipstream_app;
SQL
