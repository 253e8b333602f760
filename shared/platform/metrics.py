"""Every metric there is: its name, its labels, what it says and what to do about it.

``/metrics`` of each process shows them. No label ever holds a person, a ticket or a dossier: labels are few, and known
beforehand. Times are in seconds.
"""

from typing import Final

from prometheus_client import (
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

REGISTRY: Final = CollectorRegistry()
for _collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
    REGISTRY.register(_collector)

# A database round trip takes 0.2 ms, a commit on a slow disk 20 ms; above a second somebody waits on a lock.
_WORK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# What a citizen or an officer feels: at once (0.1), noticed (1), wondered at (5), given up (30).
_FELT = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# How far a table may stand behind the log: promised below one second, worth a look above ten, an outage above minutes.
_BEHIND = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 600.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

# --- The log -------------------------------------------------------------------------------------------------------

# Counter. Events appended, by the service that decided and the event's type. Flat during office hours: nothing is
# being decided; look at the portal and at intake.
EVENTS_APPENDED: Final = Counter(
    "aduan_events_appended", "Events appended to the log", ["service", "type"], registry=REGISTRY
)

# Counter. Commands that found the dossier changed since they looked, and were tried again or refused. A few are normal;
# many mean that two people or two services work on the same dossiers.
APPEND_CONFLICTS: Final = Counter(
    "aduan_append_conflicts", "Appends refused because the dossier had moved on", ["service"], registry=REGISTRY
)

# Histogram. Duration of an append with its commit. Rising p99: the disk, or a lock held too long.
APPEND_SECONDS: Final = Histogram(
    "aduan_append_seconds", "Duration of an append and its commit", ["service"], buckets=_WORK, registry=REGISTRY
)

# Gauge. 1 while the log cannot be signed: it is not what its last checkpoint says, or the copy cannot be written;
# sla's log says which. At 1: run `aduan checkpoint verify` before anything else.
CHECKPOINT_FAILED: Final = Gauge(
    "aduan_checkpoint_failed", "Whether the log could not be signed when it was last tried", registry=REGISTRY
)

# Gauge. Age of the oldest write transaction in the database: no reader of the log gets past it. Above a few seconds:
# find it in pg_stat_activity and end it.
READERS_HELD_SECONDS: Final = Gauge(
    "aduan_readers_held_seconds",
    "Age of the oldest open write transaction, which holds up every reader",
    registry=REGISTRY,
)

# Gauge. How far the standby that lists are read from lags behind its primary. Above five seconds lists are read from
# the primary: look at the standby and the network between the two.
REPLICA_LAG_SECONDS: Final = Gauge(
    "aduan_replica_lag_seconds", "How far the replica for lists lags behind", registry=REGISTRY
)

# Counter. Lists and figures read where a replica is named, by who answered, and why it was not the replica: away,
# behind (also what its reader has just written) or failed. Many from the primary: see the replica's lag, and the log.
LIST_READS: Final = Counter("aduan_list_reads", "Lists and figures read", ["source", "why"], registry=REGISTRY)

# --- The relay -----------------------------------------------------------------------------------------------------

# Gauge. 1 in the one process that publishes. The sum over all processes must be 1; 0 for more than a few seconds:
# no process reaches the database.
RELAY_LEADS: Final = Gauge("aduan_relay_leads", "1 if this process publishes the log", registry=REGISTRY)

# Counter. Events confirmed by the broker. Compare its rate with aduan_events_appended.
RELAY_PUBLISHED: Final = Counter("aduan_relay_published", "Events the broker has confirmed", registry=REGISTRY)

# Counter. Rounds that failed and were repeated, by cause (broker, database). Growing: that part is down.
RELAY_FAILURES: Final = Counter(
    "aduan_relay_failures", "Publishing rounds that failed and were repeated", ["cause"], registry=REGISTRY
)

# Gauge. The position up to which the log has been published, and how many settled events wait behind it. The second
# grows while the broker is down, and must fall afterwards by itself.
RELAY_POSITION: Final = Gauge("aduan_relay_position", "Last published position of the log", registry=REGISTRY)
RELAY_WAITING: Final = Gauge("aduan_relay_waiting", "Settled events that are not yet published", registry=REGISTRY)

# Histogram. Duration of one round: read, publish, confirm, save the position.
RELAY_BATCH_SECONDS: Final = Histogram(
    "aduan_relay_batch_seconds", "Duration of one publishing round", buckets=_WORK, registry=REGISTRY
)

# --- Consumers -----------------------------------------------------------------------------------------------------

# Gauge. 1 while a service takes messages. 0: it has stopped itself after too many dead messages in a row; see
# `aduan dead list`, mend the cause, retry, restart.
CONSUMER_RUNNING: Final = Gauge(
    "aduan_consumer_running", "1 while the service takes messages", ["service"], registry=REGISTRY
)

# Counter. Messages taken and done with, by outcome: done, dead.
CONSUMED: Final = Counter(
    "aduan_consumed", "Messages that are done with, by outcome", ["service", "outcome"], registry=REGISTRY
)

# Counter. Second and further attempts with a message that failed. Growing without dead ones: something is flaky.
CONSUMER_RETRIES: Final = Counter(
    "aduan_consumer_retries", "Repeated attempts with a failing message", ["service"], registry=REGISTRY
)

# Counter. Messages put aside as dead, by reason. Any: look at `aduan dead list`.
DEAD_LETTERS: Final = Counter(
    "aduan_dead_letters", "Messages put aside as dead", ["service", "reason"], registry=REGISTRY
)

# Histograms. How many messages were handled together, and how long it took. Always 1 under load: lingering too short.
CONSUMER_BATCH_SIZE: Final = Histogram(
    "aduan_consumer_batch_size", "Messages handled in one transaction", ["service"], buckets=_SIZES, registry=REGISTRY
)
CONSUMER_BATCH_SECONDS: Final = Histogram(
    "aduan_consumer_batch_seconds", "Duration of one batch", ["service"], buckets=_WORK, registry=REGISTRY
)

# --- Projections ---------------------------------------------------------------------------------------------------

# Counter. Events by what became of them: applied, duplicate, filled (fetched from the log to close a gap), unknown
# (a type this version does not know). Many filled: the broker loses or disorders messages. Any unknown: deploy.
PROJECTED: Final = Counter(
    "aduan_projected",
    "Events met by a projection, by what became of them",
    ["projection", "outcome"],
    registry=REGISTRY,
)

# Gauge. How many positions of the log lie before a service, measured by sla every 15 seconds. Grows while nobody
# follows for it, or more comes than it applies: see `aduan doctor --only work`.
FOLLOWER_BEHIND: Final = Gauge(
    "aduan_follower_behind", "Positions of the log that a service has yet to follow", ["service"], registry=REGISTRY
)

# --- Edges ---------------------------------------------------------------------------------------------------------

# Histogram. Calls answered by a service, by method and outcome (ok, or the status of the error: 403, 409, 422, 500).
RPC_SECONDS: Final = Histogram(
    "aduan_rpc_seconds",
    "Duration of a call, as the service sees it",
    ["service", "method", "outcome"],
    buckets=_WORK,
    registry=REGISTRY,
)

# Counter. Calls that none of our processes made, by the service that refused them. More than none: somebody with the
# broker's credentials tries to call services, or a process has another master key.
RPC_REFUSED: Final = Counter("aduan_rpc_refused", "Calls that were not ours", ["service"], registry=REGISTRY)

# Histogram. HTTP requests by route (its pattern, never the path with the ticket), method and status.
HTTP_SECONDS: Final = Histogram(
    "aduan_http_seconds", "Duration of a request", ["route", "method", "status"], buckets=_FELT, registry=REGISTRY
)

# Counter. Submissions from channel adapters, by outcome: filed, repeated, invalid. Many invalid: an adapter is wrong.
SUBMISSIONS: Final = Counter(
    "aduan_submissions", "Submissions from channel adapters", ["channel", "outcome"], registry=REGISTRY
)

# --- The work itself -----------------------------------------------------------------------------------------------

# Counter. Complaints filed, by tenant and channel.
COMPLAINTS_FILED: Final = Counter(
    "aduan_complaints_filed", "Complaints filed", ["tenant", "channel"], registry=REGISTRY
)

# Counter. Clocks by what became of them: warned, breached. By step, so that one sees which desk is overrun.
CLOCKS_DECIDED: Final = Counter(
    "aduan_clocks_decided", "Time standards warned of or breached", ["tenant", "step", "outcome"], registry=REGISTRY
)

# Gauge and counter. Timers that are due and not yet decided, and how late the scheduler was when it decided them.
TIMERS_DUE: Final = Gauge("aduan_timers_due", "Timers that are due and not yet decided", registry=REGISTRY)
TIMER_LATE_SECONDS: Final = Histogram(
    "aduan_timer_late_seconds", "How long after its due time a timer was decided", buckets=_BEHIND, registry=REGISTRY
)

# Gauge. Requests of people about their own data (access, correction, erasure) that have waited for more than the 3 x 24
# hours of Law 27/2022. Not 0: desks find theirs in the inbox, administrators theirs at /TENANT/kelola/hapus-data.
DATA_REQUESTS_LATE: Final = Gauge(
    "aduan_data_requests_late", "Requests about one's own data that are late", ["tenant", "kind"], registry=REGISTRY
)

# Counter. Messages to reporters and officers, by kind of address and outcome: sent, failed, given_up.
MESSAGES: Final = Counter(
    "aduan_messages", "Messages to reporters and officers", ["medium", "outcome"], registry=REGISTRY
)

# Gauges. Letters and replies whose time has come and that have not left, and for how long the first of them has waited.
# Growing: the mail server or a provider is down, or nobody runs notify.
MESSAGES_DUE: Final = Gauge("aduan_messages_due", "Letters and replies that are due and not sent", registry=REGISTRY)
MESSAGES_DUE_SECONDS: Final = Gauge(
    "aduan_messages_due_seconds", "For how long the first of them has been due", registry=REGISTRY
)

# --- Processes -----------------------------------------------------------------------------------------------------

# Gauge. 1 while the second process of `aduan up` can work; without one there is no such figure. 0: the log says why.
PROCESS_READY: Final = Gauge(
    "aduan_process_ready", "1 while a further process can work", ["process"], registry=REGISTRY
)

# --- Channels ------------------------------------------------------------------------------------------------------

# Counter. Items that providers delivered: message, report, repeated, odd. Odd rising: a provider has changed what it
# sends; look at channels.heard.reason.
CHANNEL_HEARD: Final = Counter(
    "aduan_channel_heard", "Items that providers of channels delivered", ["channel", "outcome"], registry=REGISTRY
)

# Counter. What of that could not be used, by its reason. One reason rising: that is what a provider has changed.
CHANNEL_ODD: Final = Counter(
    "aduan_channel_odd", "Items that could not be used", ["channel", "reason"], registry=REGISTRY
)

# Gauge. For how long the first message has waited that no conversation has answered; files and parts are waited for
# some ten minutes at most. Growing: nobody runs channels, or what somebody wrote breaks it each time (its log says so).
HEARD_WAITING_SECONDS: Final = Gauge(
    "aduan_heard_waiting_seconds", "For how long the first message has not been taken up", registry=REGISTRY
)

# Counter. Deliveries that did not prove whose they are, by reason. More than a few an hour: a secret was changed on one
# side only, or somebody is trying.
CHANNEL_UNSIGNED: Final = Counter(
    "aduan_channel_unsigned", "Deliveries refused because unsigned", ["channel", "reason"], registry=REGISTRY
)

# Histogram. Duration of a step of a conversation with its commit.
TALK_SECONDS: Final = Histogram(
    "aduan_talk_seconds", "Duration of a step of a conversation", ["channel"], buckets=_WORK, registry=REGISTRY
)

# Counter. What was not said to a person, since it was too much or two machines were talking.
TALK_BRAKED: Final = Counter(
    "aduan_talk_braked_total", "What was not said to a person, since it was too much", ["channel"], registry=REGISTRY
)

# Counter. Complaints that conversations have filed: confirmed to the end, or left after the yes and filed as they were.
# Many left: the questions are too many, or nobody understands them.
TALK_FILED: Final = Counter(
    "aduan_talk_filed", "Complaints that conversations have filed", ["channel", "by"], registry=REGISTRY
)

# Counter. Files of messages, by outcome: kept, refused (too large, or of a kind that is not taken), gone (never to be
# had), later (tried again). Many gone: we are away for longer than the provider keeps them, or the token is wrong.
MEDIA_FETCHED: Final = Counter("aduan_media_fetched", "Files of messages", ["outcome"], registry=REGISTRY)

# Counter. Files that the virus scanner has refused, whoever sent them. Rising: somebody's machine is ill, or somebody
# is trying.
FILES_INFECTED: Final = Counter("aduan_files_infected", "Files that the virus scanner has refused", registry=REGISTRY)

# Gauge. 1 while nothing is sent by an account of a channel, since its provider takes nothing or does not answer. For
# minutes it is the provider's affair; longer: aduan channel check.
CARRIER_SHUT: Final = Gauge(
    "aduan_carrier_shut", "1 while an account is left alone", ["tenant", "channel"], registry=REGISTRY
)

# Counter. What providers said of letters and replies, each word that raised what is known, by state: accepted, sent,
# delivered, read, failed. Delivered standing still while letters go out: reports do not come back.
LETTERS_REPORTED: Final = Counter(
    "aduan_letters_reported", "What providers said of letters", ["channel", "state"], registry=REGISTRY
)

# Counter. What providers said of letters that nobody here knows, also ten minutes later: it was dropped. Another system
# may send by the same number; else reports come of letters whose sender was ended before it wrote down their ids.
REPORTS_DROPPED: Final = Counter(
    "aduan_channel_reports_dropped", "What providers said of letters nobody knows", ["channel"], registry=REGISTRY
)

# Gauge. What was to be done for somebody who wrote and broke each time: it is kept, and nobody does it any more. Above
# 0: the log of channels names it; when it has been mended, `aduan channel again`, or `aduan channel drop`.
CHANNEL_GIVEN_UP: Final = Gauge(
    "aduan_channel_given_up", "What was given up of what was to be done for people who wrote", registry=REGISTRY
)

METRICS: Final[tuple[Collector, ...]] = (
    EVENTS_APPENDED,
    APPEND_CONFLICTS,
    APPEND_SECONDS,
    CHECKPOINT_FAILED,
    READERS_HELD_SECONDS,
    REPLICA_LAG_SECONDS,
    LIST_READS,
    RELAY_LEADS,
    RELAY_PUBLISHED,
    RELAY_FAILURES,
    RELAY_POSITION,
    RELAY_WAITING,
    RELAY_BATCH_SECONDS,
    CONSUMER_RUNNING,
    CONSUMED,
    CONSUMER_RETRIES,
    DEAD_LETTERS,
    CONSUMER_BATCH_SIZE,
    CONSUMER_BATCH_SECONDS,
    PROJECTED,
    FOLLOWER_BEHIND,
    RPC_SECONDS,
    RPC_REFUSED,
    HTTP_SECONDS,
    SUBMISSIONS,
    COMPLAINTS_FILED,
    CLOCKS_DECIDED,
    TIMERS_DUE,
    TIMER_LATE_SECONDS,
    DATA_REQUESTS_LATE,
    MESSAGES,
    MESSAGES_DUE,
    MESSAGES_DUE_SECONDS,
    PROCESS_READY,
    CHANNEL_HEARD,
    CHANNEL_ODD,
    HEARD_WAITING_SECONDS,
    CHANNEL_UNSIGNED,
    TALK_SECONDS,
    TALK_BRAKED,
    TALK_FILED,
    MEDIA_FETCHED,
    FILES_INFECTED,
    CARRIER_SHUT,
    LETTERS_REPORTED,
    REPORTS_DROPPED,
    CHANNEL_GIVEN_UP,
)
"""All of ours, in the order of an event's journey."""


def exposition() -> bytes:
    """The present values in Prometheus's text format; :data:`CONTENT_TYPE` is its content type."""
    return generate_latest(REGISTRY)
