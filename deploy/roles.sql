-- The roles of the house and its database (docs/adr/0007): `owner` migrates, `web` serves pages, neither is a superuser.
--
--   OWNER_PASSWORD=… WEB_PASSWORD=… psql --no-psqlrc --dbname=postgres --file=deploy/roles.sql
--
-- On a server and in Docker by hand or at the first start, on a laptop by dev/postgres.py. A second run changes the
-- passwords and nothing else: this is how they are rotated.
\set ON_ERROR_STOP on
\set QUIET on
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', wanted)
FROM unnest(ARRAY['owner', 'web']) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)
\gexec

ALTER ROLE owner WITH LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE web WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'web_password';

-- The server's log is kept by others and for long: an error in it quotes no value (DETAIL, CONTEXT), and no parameter.
SELECT format('ALTER ROLE %I SET %s', role, setting)
FROM unnest(ARRAY['owner', 'web']) AS role, unnest(ARRAY[
    'log_error_verbosity = terse', 'log_parameter_max_length = 0', 'log_parameter_max_length_on_error = 0'
]) AS setting
\gexec

-- C.UTF-8 whatever the cluster has: upper() and ILIKE must know Cyrillic, and no collation sorts for us.
SELECT 'CREATE DATABASE portal OWNER owner TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portal')
\gexec
