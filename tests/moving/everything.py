"""A row of a government in every table that no log tells, as short as the tables allow."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid5

_NAMES: Final = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
_ROWS: Final = """
    INSERT INTO identity.users (id, tenant, username, password_hash, actor, created_at)
        VALUES (%(user)s, %(tenant)s, 'budi', 'x', 'coordinator', now());
    INSERT INTO identity.absences (account, first_day, last_day) VALUES (%(user)s, '2026-10-05', '2026-10-06');
    INSERT INTO identity.sessions (word, account, generation, began_at, seen_at)
        VALUES (%(word)s, %(user)s, 1, now(), now());
    INSERT INTO identity.bindings (account, tenant, issuer, subject, bound_at)
        VALUES (%(user)s, %(tenant)s, 'https://sso.example', 'sub-1', now());
    INSERT INTO identity.erasures (tenant, ticket, reason, asked_by, asked_at, agreed_by, agreed_at)
        VALUES (%(tenant)s, 'T-1', 'asked', 'a', now(), 'b', now()),
               (%(tenant)s, 'T-2', 'asked', 'a', now(), NULL, NULL);
    INSERT INTO identity.answer_words (tenant, version, saved_at, account, why, answers)
        VALUES (%(tenant)s, 1, now(), 'a', 'better', '[]');
    INSERT INTO identity.letter_words (tenant, template, version, saved_at, account, why, text)
        VALUES (%(tenant)s, 'reporter/closed.txt', 1, now(), 'a', 'better', 'Selesai');
    INSERT INTO identity.calendar_drafts (tenant, number, drafted_at, account, why, section, record)
        VALUES (%(tenant)s, 1, now(), 'a', 'better', 'decrees', '{"closure": {}}');
    INSERT INTO identity.calendar_decisions (tenant, number, decided_at, account, why)
        VALUES (%(tenant)s, 1, now(), 'b', 'no');
    INSERT INTO identity.procedure_drafts (tenant, number, drafted_at, account, why, version, text)
        VALUES (%(tenant)s, 1, now(), 'a', 'better', 9, 'version: 9');
    INSERT INTO identity.procedure_decisions (tenant, number, decided_at, account, why)
        VALUES (%(tenant)s, 1, now(), 'b', 'no');
    INSERT INTO identity.office_changes (tenant, number, changed_at, account, why, what, place)
        VALUES (%(tenant)s, 1, now(), 'a', 'better', 'contacts', 'desk/coordinator');
    INSERT INTO citizens.accounts (id, tenant, sealed, created_at) VALUES (%(citizen)s, %(tenant)s, 'sealed', now());
    INSERT INTO citizens.contacts (tenant, kind, hash, key_id, account)
        VALUES (%(tenant)s, 'phone', %(word)s, 'k', %(citizen)s);
    INSERT INTO citizens.codes (id, tenant, about, code, asked_at, until, contact, letter, next_attempt_at)
        VALUES (%(code)s, %(tenant)s, %(word)s, %(word)s, now(), now(), 'sealed', 'sealed', now());
    INSERT INTO citizens.sessions (word, account, generation, began_at, seen_at)
        VALUES (%(word)s, %(citizen)s, 1, now(), now());
    INSERT INTO citizens.complaints (account, mark, sealed, linked_at) VALUES (%(citizen)s, %(word)s, 'sealed', now());
    INSERT INTO citizens.desk_numbers (account, tenant, hash, until) VALUES (%(citizen)s, %(tenant)s, %(word)s, now());
    INSERT INTO channels.persons (tenant, person, created_at) VALUES (%(tenant)s, %(person)s, now());
    INSERT INTO channels.ids (tenant, kind, hash, person, seen_at)
        VALUES (%(tenant)s, 'phone', %(word)s, %(person)s, now());
    INSERT INTO channels.joined (tenant, former, person) VALUES (%(tenant)s, gen_random_uuid(), %(person)s);
    INSERT INTO channels.heard (tenant, channel, account, message_id, person, provider_at, state)
        VALUES (%(tenant)s, 'sms', 'a', '1', %(person)s, now(), 'new'),
               (%(tenant)s, 'sms', 'a', '2', %(person)s, now(), 'done');
    INSERT INTO channels.reported (tenant, channel, account, letter, state, provider_id, key, code, at)
        VALUES (%(tenant)s, 'sms', 'a', 'l', 'sent', 'p', 'k', 'c', now());
    INSERT INTO channels.talks (tenant, person, channel, account, sealed, wake_at)
        VALUES (%(tenant)s, %(person)s, 'sms', 'a', 'sealed', now());
    INSERT INTO channels.outgoing (id, tenant, person, kind, sealed)
        VALUES (%(code)s, %(tenant)s, %(person)s, 'say', 'sealed');
    INSERT INTO channels.dossiers (tenant, dossier, person, ticket, sealed, filed_at)
        VALUES (%(tenant)s, %(dossier)s, %(person)s, 'T-1', 'sealed', now());
    INSERT INTO channels.media (id, tenant, person, name, sealed)
        VALUES (%(code)s, %(tenant)s, %(person)s, 'a.jpg', %(word)s);
    INSERT INTO channels.positions (tenant, channel, position) VALUES (%(tenant)s, 'mail', '7');
    INSERT INTO readings.readings (tenant, dossier, at, quarter, actor, agency, account, what, why, named)
        VALUES (%(tenant)s, %(dossier)s, now(), 1, 'coordinator', '', 'budi', 'dossier', 'handling', true);
    INSERT INTO intake.requests (key, tenant, content) VALUES ('key of ' || %(tenant)s, %(tenant)s, 'content');
    INSERT INTO notify.planned (dossier, version) VALUES (%(dossier)s, 1);
    INSERT INTO notify.messages (dossier, version, recipient, template, tenant, queued_at, next_attempt_at, settled)
        VALUES (%(dossier)s, 1, 'reporter', 'received', %(tenant)s, now(), now(), true),
               (%(dossier)s, 1, 'agency:pupr', 'received', %(tenant)s, now(), now(), false);
    INSERT INTO notify.carried (key, dossier, version, recipient, template, tenant, channel, account, state, handed_at,
            state_at)
        VALUES (%(code)s, %(dossier)s, 1, 'reporter', 'received', %(tenant)s, 'sms', 'a', 'sent', now(), now());
    INSERT INTO notify.talks (key, tenant, person, channel, account, sealed)
        VALUES (%(code)s, %(tenant)s, %(person)s, 'sms', 'a', 'sealed');
    INSERT INTO notify.reach (tenant, person, channel, account, sealed, last_heard_at)
        VALUES (%(tenant)s, %(person)s, 'sms', 'a', 'sealed', now());
    INSERT INTO notify.spared (tenant, person) VALUES (%(tenant)s, %(person)s);
    INSERT INTO notify.alarms (tenant, channel, account, told_at) VALUES (%(tenant)s, 'sms', 'a', now());
    INSERT INTO reporting.monthly (tenant, month, drawn_at, recap) VALUES (%(tenant)s, '2026-09', now(), '{}');
    INSERT INTO reporting.told_apart (one, other, tenant, account, at)
        VALUES ('00000000-0000-0000-0000-000000000001', %(dossier)s, %(tenant)s, 'a', now());
"""


def names(tenant: str) -> Sequence[UUID]:
    """The citizen and the person of a government: whose keys lie in the vault."""
    return [uuid5(_NAMES, f"{tenant} {what}") for what in ("citizen", "person")]


def fill(cursor: Any, tenant: str, dossier: UUID) -> None:
    """Give a government a row in each table; its dossier, keys and numbers are made by filing.

    :param dossier: one that it has.
    """
    own = {what: str(uuid5(_NAMES, f"{tenant} {what}")) for what in ("user", "citizen", "person", "code")}
    cursor.execute(_ROWS, {**own, "tenant": tenant, "dossier": str(dossier), "word": tenant.encode()})
