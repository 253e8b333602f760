"""The channels of an installation: of each government those of its ``channels.yaml``, ready to take in and to send."""

from dataclasses import dataclass, field
from pathlib import Path

from shared.application.runtime import Runtime
from shared.channels.journal import Journal
from shared.channels.persons import Persons
from shared.channels.registry import Channel, ChannelPlace, kind_of
from shared.channels.secrets import Secrets
from shared.channels.settings import ChannelBook, load_channels
from shared.channels.talk.state import Language
from shared.channels.talk.words import FILES, Phrases, phrases
from shared.platform.purposes import Lasting

HOOKS = "/hooks/v1"
"""Under which address of the portal providers deliver."""


_LONGEST_LOCAL = 64
"""Characters before the @ (RFC 5321)."""


def channels_of(runtime: Runtime) -> "Channels":
    """The process's channels, built once: their carriers hold connections."""
    return runtime.once(Channels)


@dataclass(frozen=True)
class ReturnAddress:
    """The mailbox of a government that is looked into: its letters go out from there, and what they bring comes back.

    :param plus: whether its server takes mail to ``name+tag@domain`` too.
    """

    address: str
    plus: bool = False

    def tagged(self, tag: str) -> str:
        """The address by which it is known what a mail is about; without the tag where that does not go."""
        local, _, domain = self.address.rpartition("@")
        name = f"{local}+{tag}"
        return f"{name}@{domain}" if self.plus and len(name) <= _LONGEST_LOCAL else self.address


@dataclass(frozen=True)
class Channels:
    """All of them. What was read of a government stays as it is until the next start.

    :param runtime: the process's parts.
    """

    runtime: Runtime
    _books: dict[str, ChannelBook] = field(default_factory=dict, repr=False)
    _built: dict[tuple[str, str], Channel] = field(default_factory=dict, repr=False)

    def book(self, tenant: str) -> ChannelBook:
        """What a government's ``channels.yaml`` says.

        :raises NotFound: no such government.
        :raises FileError: if the file is wrong.
        """
        if tenant not in self._books:
            government = self.runtime.tenants.get(tenant)
            self._books[tenant] = load_channels(government.directory, government.sop)
        return self._books[tenant]

    def find(self, tenant: str, channel: str) -> Channel | None:
        """A channel; none if the government has no such channel.

        :raises NotFound: no such government.
        """
        known = self._built.get((tenant, channel))
        if known is not None:
            return known
        spec = self.book(tenant).find(channel)
        if spec is None:
            return None
        place = ChannelPlace(tenant, self.hook(tenant, channel))
        built = kind_of(spec.kind).build(spec, place, Secrets(self.secrets_folder, f"{tenant}.{channel}"))
        self._built[tenant, channel] = built
        return built

    def return_address(self, tenant: str) -> ReturnAddress | None:
        """Where a government's letters come from and are answered; none if it has no mailbox that is looked into."""
        for spec in self.book(tenant).channels:
            channel = self.find(tenant, spec.id)
            if channel is not None and channel.letters:
                return ReturnAddress(str(spec.options["address"]), bool(spec.options.get("plus")))
        return None

    def hook(self, tenant: str, channel: str) -> str:
        """The public address at which a channel's provider delivers."""
        return f"{self.runtime.settings.public_address}{HOOKS}/{tenant}/{channel}"

    def phrases(self, tenant: str, language: Language = "id") -> Phrases:
        """What is said in a government's conversations.

        :raises FileError: if a file of texts is wrong.
        """
        return phrases(self.runtime.settings.tenants_dir, self.runtime.tenants.get(tenant).messages, language)

    @property
    def secrets_folder(self) -> Path | None:
        """Where the providers' secrets lie."""
        settings = self.runtime.settings
        if settings.secrets_dir:
            return Path(settings.secrets_dir).expanduser().absolute()
        return settings.data_dir / "secrets" if settings.embedded else None

    @property
    def persons(self) -> Persons:
        """Who writes."""
        return Persons(self.runtime.key(Lasting.PERSONS_OF_CHANNELS), self.runtime.vault)

    @property
    def journal(self) -> Journal:
        """Where what comes is written down."""
        return Journal(self.runtime.database, self.persons)

    def check(self) -> None:
        """Read everything now: a mistake is to stop the start.

        :raises FileError: if a file is wrong.
        """
        for tenant in self.runtime.tenants.all():
            for spec in self.book(tenant.id).channels:
                self.find(tenant.id, spec.id)
            for language in FILES:
                self.phrases(tenant.id, language)
