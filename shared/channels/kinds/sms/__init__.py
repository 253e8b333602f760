"""SMS by gateways: modems of one's own, a telephone, or a provider."""

from shared.channels.kinds.sms.channel import SmsKind

kind = SmsKind()
