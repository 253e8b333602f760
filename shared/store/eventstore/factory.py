"""Builds the recorders from an application's environment."""

from typing import cast

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    NotSupportedError,
    ProcessRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic

from shared.platform.database.pool import APPLICATION_ROLE, Database
from shared.store.eventstore.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
)


class LogFactory(InfrastructureFactory[LogTrackingRecorder]):
    """The recorders on the log of the database named by ``ADUAN_DATABASE_URL``.

    An application of ours hands in the process's own connections, as ``database``; closing the factory leaves those to
    the others. One that is named by its environment alone gets a pool of its own.
    """

    DATABASE_URL = "ADUAN_DATABASE_URL"

    def __init__(self, env: Environment | EnvType | None, database: Database | None = None) -> None:
        super().__init__(env)
        url = self.env.get(self.DATABASE_URL)
        if database is None and not url:
            raise OSError(f"no database was named: set {self.DATABASE_URL} in the application's environment")
        self._own = None if database is not None else Database(url or "", role=APPLICATION_ROLE)
        self.database = database or cast("Database", self._own)

    def close(self) -> None:
        """Close the connections, if they are its own."""
        if self._own is not None:
            self._own.close()

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder of dossiers.

        :raises NotSupportedError: for any other purpose, i.e. snapshots.
        """
        if purpose != "events":
            raise NotSupportedError(f"there is no table for {purpose}: dossiers are short and load whole")
        return LogAggregateRecorder(self.database)

    def application_recorder(self) -> ApplicationRecorder:
        """A recorder that also follows the log."""
        return LogApplicationRecorder(self.database)

    def tracking_recorder(
        self, tracking_recorder_class: type[LogTrackingRecorder] | None = None
    ) -> LogTrackingRecorder:
        """A recorder of positions, of the given class or of the one that the environment names."""
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        if tracking_recorder_class is None and topic:
            tracking_recorder_class = cast("type[LogTrackingRecorder]", resolve_topic(topic))
        return (tracking_recorder_class or LogTrackingRecorder)(self.database)

    def process_recorder(self) -> ProcessRecorder:
        """A recorder of events together with the position that they follow from."""
        return LogProcessRecorder(self.database)
