# avsynth serve on a processor: no network at run time, no root, nothing written but to /tmp and the faces kept by name.
#   docker build -t avsynth . && docker run -p 127.0.0.1:8017:8017 -e AVSYNTH_API_KEY=… avsynth
FROM python:3.12-slim AS build
WORKDIR /build
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 avsynth && mkdir /faces && chown avsynth /faces
COPY --from=build /wheels /wheels
COPY constraints.txt /wheels/
# PyTorch's processor build first, so that pip asks for no CUDA.
RUN version="$(grep -oP '^torch==\K.*' /wheels/constraints.txt)" \
    && pip install --no-cache-dir --index-url https://download.pytorch.org/whl/cpu "torch==$version" \
    && wheel="$(ls /wheels/*.whl)" \
    && pip install --no-cache-dir -c /wheels/constraints.txt "$wheel[serve,lips,recognise]" \
    && rm -r /wheels
ENV AVSYNTH_FACES=/faces PYTHONUNBUFFERED=1
USER avsynth
WORKDIR /home/avsynth
VOLUME /faces
EXPOSE 8017
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8017/healthz', timeout=4)"]
CMD ["avsynth", "serve", "--host", "0.0.0.0"]
