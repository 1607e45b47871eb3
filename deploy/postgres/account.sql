-- Run once by the image, as the superuser, when the cluster is new: the program's own account owns its database and
-- nothing else. psql reads the password from the file itself, so it stands in no argument and no environment.
\set password `cat /run/secrets/postgres_hososo_password`
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
CREATE ROLE hososo LOGIN PASSWORD :'password';
CREATE DATABASE hososo OWNER hososo TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE hososo FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
