"""The broker: that it answers, that our queues are what they should be, and what lies in them."""

from collections.abc import Iterator
from typing import Any, Final

from amqp.exceptions import NotFound, PreconditionFailed

from cli.doctoring.line import Diagnosis, failed, graded, warned, well
from cli.failures import line_of
from shared.base.services import SERVICES
from shared.messaging.wire.connections import BROKER_ERRORS, channel_on, connected
from shared.messaging.wire.memory import is_in_memory
from shared.messaging.wire.topology import as_declared, dead_queue, own_queue, release_of, submission_queue
from shared.platform.settings import Settings

_LEAST: Final = 3
_LONG: Final = (1_000, 100_000)


def broker_lines(settings: Settings) -> Iterator[Diagnosis]:
    """What can be told of the broker over AMQP; its own pages are not asked."""
    if is_in_memory(settings.broker_url):
        yield well("broker", "in memory, within the process: nothing to be looked at from here")
        return
    try:
        with connected(settings.broker_url) as connection:
            release = release_of(connection)
            version = getattr(connection.connection, "server_properties", {}).get("version", "?")
            if release < _LEAST:
                yield failed("broker", f"what answers is no RabbitMQ that we know ({version})", "bring up RabbitMQ 4")
            else:
                yield well("broker", f"RabbitMQ {version} answers")
            for service in SERVICES:
                yield from _queue(connection, own_queue(service), consumed=True)
                yield from _dead(connection, service)
            yield from _queue(connection, submission_queue(), consumed=True)
    except BROKER_ERRORS as error:
        yield failed("broker", line_of(error), "start RabbitMQ, and compare ADUAN_BROKER_URL")


def _queue(connection: Any, queue: Any, *, consumed: bool) -> Iterator[Diagnosis]:
    check = f"broker.{queue.name}"
    there = _state(connection, queue)
    if there is None:
        yield failed(check, "the queue is not there", "start the services: they declare it, and lose nothing by it")
        return
    fault = _fault(connection, queue)
    if fault is not None:
        yield fault
        return
    said = f"{there.message_count} messages, {there.consumer_count} consumers"
    if consumed and not there.consumer_count:
        service = queue.name.split(".")[1]
        yield failed(check, f"{said}: nobody takes them", f"start aduan serve {service}, or see its /readyz")
        return
    remedy = "run more of the service, and look at its log for what is slow"
    yield graded(check, there.message_count, said, remedy, warn=_LONG[0], fail=_LONG[1])


def _dead(connection: Any, service: str) -> Iterator[Diagnosis]:
    queue = dead_queue(service)
    there = _state(connection, queue)
    check = f"dead.{service}"
    if there is None:
        yield failed(check, f"the queue {queue.name} is not there", "start the services: they declare it")
        return
    fault = _fault(connection, queue)
    if fault is not None:
        yield fault
    elif there.message_count:
        yield warned(
            check,
            f"{there.message_count} messages were put aside",
            f"aduan dead list {service} says why; mend the cause, then aduan dead retry {service} --all",
        )
    else:
        yield well(check, "nothing was put aside")


def _state(connection: Any, queue: Any) -> Any:
    """What the broker says of a queue; None if there is none of that name. Declares nothing."""
    try:
        with channel_on(connection) as channel:
            return queue(channel).queue_declare(passive=True)
    except NotFound:
        return None


def _fault(connection: Any, queue: Any) -> Diagnosis | None:
    """What is wrong with a queue that is there: to declare it once more with what it should be changes nothing."""
    wanted = as_declared(connection, queue)
    try:
        with channel_on(connection) as channel:
            wanted(channel).queue_declare()
    except PreconditionFailed as error:
        check = f"broker.{queue.name}"
        if "x-delivery-limit" in str(error):
            return warned(
                check,
                "RabbitMQ 3 declared it, so that RabbitMQ 4 gives up what comes back twenty times, unless a policy "
                "says otherwise, which AMQP does not show",
                "see that the policy `ours` of aduan broker definitions is loaded (rabbitmqctl list_policies)",
            )
        return failed(
            check,
            "the queue has other properties than ours (it should be durable, and a quorum queue)",
            "stop the services, empty the queue, delete it, and start them: they declare it as it should be",
        )
    return None
