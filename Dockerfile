# One image for every role: web, worker, and the command line. See docs/operations/postgres.md.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN pip wheel --no-cache-dir --require-hashes --only-binary :all: --no-deps --wheel-dir /wheels -r requirements.lock \
    && pip install --no-cache-dir --require-hashes --only-binary :all: --no-deps -r requirements-build.lock
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --no-index --wheel-dir /wheels .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home console && install -d -o console -g console /data /shared
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-index --find-links /wheels module-console && rm -rf /wheels
USER console
ENV CONSOLE_DATA_DIR=/data CONSOLE_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["module-console"]
CMD ["serve"]
