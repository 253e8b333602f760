# One image for every role; the command says which: serve intake, serve portal, migrate ...
FROM python:3.11.14-slim-bookworm AS built

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/aduan
ENV PATH=/opt/aduan/bin:$PATH

# First what seldom changes, so that a change of the source costs seconds.
WORKDIR /app
COPY requirements.lock requirements-extras.lock ./
# Anything but nothing: with what traces, buckets and governments' own accounts need (the extras `tracing`, `s3` and
# `oidc`), pinned as the rest.
ARG EXTRAS=
RUN pip install --require-hashes -r "requirements${EXTRAS:+-extras}.lock"

COPY pyproject.toml README.md ./
COPY shared shared
COPY services services
COPY channels channels
COPY portal portal
COPY cli cli
COPY tenants tenants
RUN pip install --no-deps --no-build-isolation --editable . && python -m compileall -q shared services channels portal cli


FROM python:3.11.14-slim-bookworm

# Its own user, who owns nothing but a directory for data.
RUN useradd --system --uid 10001 --home-dir /data --create-home aduan && install --directory --owner aduan /data/files
COPY --from=built /opt/aduan /opt/aduan
COPY --from=built /app /app
ENV PATH=/opt/aduan/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_RUNTIME_DIR=/tmp \
    ADUAN_DATA_DIR=/data \
    ADUAN_LISTEN_HOST=0.0.0.0
WORKDIR /app
USER aduan
# 8000: the portal. 8080: /healthz, /readyz and /metrics of a service.
EXPOSE 8000 8080
ENTRYPOINT ["aduan"]
CMD ["--help"]
