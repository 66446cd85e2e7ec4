"""The counters behind ``GET /metrics``, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60, 120)


class Metrics:
    """Counters of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("avsynth_requests", "Requests answered", ("route", "status"), registry=self.registry)
        self.latency = self._seconds("avsynth_request_seconds", "Seconds to the end of an answer", "route")
        self.first_bytes = self._seconds("avsynth_first_bytes_seconds", "Seconds of work until the first bytes")
        self.speech_seconds = self._count("avsynth_speech_seconds", "Seconds of speech made")
        self.work_seconds = self._count("avsynth_work_seconds", "Seconds for which places were taken")
        self.dropped = self._count("avsynth_dropped", "Clients that went before the end")
        self.active = Gauge("avsynth_active", "Requests worked at", registry=self.registry)
        self.queue = Gauge("avsynth_queue", "Requests that wait for a place", registry=self.registry)

    def _count(self, name: str, about: str) -> Counter:
        return Counter(name, about, registry=self.registry)

    def _seconds(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(name, about, labels, buckets=SECONDS, registry=self.registry)

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self.registry)
