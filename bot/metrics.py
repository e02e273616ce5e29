"""Every metric of the service, named in one place."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

LATENCY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3.5, 5, 10)


class Metrics:
    """Counters of one process in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.inbound = self._counter("inbound", "Messages and events taken in", "kind")
        self.rejected = self._counter("callback_rejected", "Callbacks refused, nothing stored", "reason")
        self.repeats = self._counter("inbound_repeats", "Deliveries of a message that stood already")
        self.late_replies = self._counter("late_replies", "Replies that missed the wire and were pushed")
        self.turn_failures = self._counter("turn_failures", "Turns that ended in a defect of ours")
        self.turn_seconds = self._histogram("turn_seconds", "Length of a turn")
        self.understood = self._counter("understood", "Messages understood", "source")
        self.nlu_away = self._counter("nlu_away", "Times that Rasa did not answer", "reason")
        self.database_away = self._counter("database_away", "Callbacks answered 503")
        self.cases_filed = self._counter("cases_filed", "Cases filed", "type", "channel")
        self.pushes = self._counter("pushes", "Pushes settled", "via", "result")
        self.media = self._counter("media", "Media settled", "result")
        self.loop_failures = self._counter("loop_failures", "Worker runs that failed", "loop")
        self.http_seconds = self._histogram(
            "http_seconds", "Length of a page or API request", "route", "status"
        )
        self.queue = self._gauge("queue", "Rows that wait", "what")
        self.faults = self._gauge("operator_faults", "Things an operator should look at")

    def text(self) -> bytes:
        """Everything in Prometheus' text form."""
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"jiannuo_{name}", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"jiannuo_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, *labels: str) -> Histogram:
        return Histogram(f"jiannuo_{name}", what, labels, registry=self.registry, buckets=LATENCY)


metrics = Metrics()
