"""Running a service's method as nameko runs it, and waiting for what comes of it."""

from typing import Any

from eventlet.event import Event


def call_method(container: Any, entrypoint: Any, *arguments: Any) -> Any:
    """Run an entrypoint's method in a worker of nameko's and wait for it; raises what it raises.

    :param container: nameko's.
    :raises nameko.exceptions.ContainerBeingKilled: if the service is being killed.
    """
    done = Event()

    def handle_result(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.send((result, exc_info[1] if exc_info else None))
        return result, exc_info

    container.spawn_worker(entrypoint, arguments, {}, context_data={}, handle_result=handle_result)
    result, error = done.wait()
    if error is not None:
        raise error
    return result
