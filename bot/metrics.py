"""Every metric of the service, named in one place.

A label never holds anything of a person: kinds, outcomes, route templates, states.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.5, 5.0)


class Metrics:
    """One set over one registry: a process uses :data:`metrics`, a test makes its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        r = self.registry
        # web
        self.requests = Counter(
            "jiannuo_http_requests", "Requests answered", ["method", "route", "status"], registry=r
        )
        self.request_seconds = Histogram(
            "jiannuo_http_request_seconds", "Time to answer", ["route"], buckets=QUICK, registry=r
        )
        self.logins = Counter("jiannuo_logins", "Sign-ins to the console", ["outcome"], registry=r)
        self.unexpected = Counter(
            "jiannuo_unexpected_errors", "Failures nobody foresaw", ["door"], registry=r
        )
        self.database_away = Counter(
            "jiannuo_database_away", "Requests refused for want of the database", registry=r
        )
        # turns
        self.inbound = Counter("jiannuo_inbound", "Deliveries of the platform", ["kind"], registry=r)
        self.rejected = Counter("jiannuo_callback_rejected", "Callbacks refused", ["reason"], registry=r)
        self.repeats = Counter("jiannuo_inbound_repeats", "Deliveries that were known already", registry=r)
        self.late_replies = Counter("jiannuo_late_replies", "Replies that missed the wire", registry=r)
        self.turn_failures = Counter("jiannuo_turn_failures", "Turns that broke off", registry=r)
        self.turn_seconds = Histogram("jiannuo_turn_seconds", "One turn", buckets=QUICK, registry=r)
        self.understood = Counter("jiannuo_understood", "Texts understood", ["source"], registry=r)
        self.guesses = Counter("jiannuo_guesses", "Guesses that left a mark", ["what"], registry=r)
        # workers
        self.sent = Counter("jiannuo_pushes", "Pushes tried", ["notice", "outcome"], registry=r)
        self.clocks_fired = Counter("jiannuo_clocks_fired", "Clocks that ran out", ["kind"], registry=r)
        self.media = Counter("jiannuo_media", "Attachments fetched", ["outcome"], registry=r)
        # what stands in the database, read when asked
        self.outbox = Gauge("jiannuo_outbox_rows", "Pushes that wait or are dead", ["state"], registry=r)
        self.cases = Gauge("jiannuo_cases", "Cases by state", ["state"], registry=r)

    def exposition(self) -> bytes:
        """The registry in Prometheus' text format."""
        return generate_latest(self.registry)


metrics = Metrics()
