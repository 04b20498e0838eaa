# The dateline service. Without further settings it keeps its articles in /var/lib/dateline and serves on port 8000.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY mappings ./mappings
COPY nlp ./nlp
COPY indexer ./indexer
COPY service ./service
RUN pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home dateline \
 && install --directory --owner dateline --group dateline /var/lib/dateline
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATELINE_STORE=embedded:///var/lib/dateline \
    DATELINE_HOST=0.0.0.0
USER dateline
WORKDIR /var/lib/dateline
VOLUME /var/lib/dateline
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["dateline"]
CMD ["serve"]
