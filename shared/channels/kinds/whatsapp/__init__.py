"""WhatsApp by its Cloud API (Graph)."""

from shared.channels.kinds.whatsapp.channel import WhatsAppKind

kind = WhatsAppKind()
