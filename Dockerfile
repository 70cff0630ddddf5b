# One image for every process of the house; docker-compose.yml says which. The build makes a release as on a server.
FROM python:3.12-slim-trixie AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/portal
COPY . .
RUN deploy/build

FROM python:3.12-slim-trixie
# curl asks whether a node is ready; WeasyPrint makes documents with Pango and HarfBuzz. pg_dump has to be of the
# server's version: trixie's 17, as in docker-compose.yml.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl libharfbuzz-subset0 libpangoft2-1.0-0 postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home portal \
    && install --directory --owner=portal --group=portal /run/portal /var/backups/portal \
        /var/lib/portal/originals /var/lib/portal/derivatives
# Root's files: the house cannot change its own code.
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
ENV PATH=/srv/portal/.venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=portal.settings \
    ORIGINALS_DIR=/var/lib/portal/originals DERIVATIVES_DIR=/var/lib/portal/derivatives
USER 10001
HEALTHCHECK --start-period=30s --interval=15s --timeout=6s CMD ["deploy/ready", "web-1"]
CMD ["deploy/run", "web", "1"]
