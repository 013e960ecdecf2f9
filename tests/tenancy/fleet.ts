/** A provider with customers who have something in every table that a route shows. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { calendarsOf } from "@hauswart/server/calendars/calendars-of.ts";
import { seedPerson } from "@hauswart/testkit/people.ts";
import type { TestServer } from "@hauswart/testkit/server.ts";

/** Ids of what belongs to one customer. */
export interface Belongings {
  readonly customerId: Id;
  readonly siteId: Id;
  readonly deviceId: Id;
  readonly findingId: Id;
  readonly policyId: Id;
  readonly maintenanceWindowId: Id;
  readonly recipientId: Id;
  readonly mailId: Id;
  readonly webhookId: Id;
  readonly enrolmentTokenId: Id;
  /** Shared in the house, and narrowed to the customer. */
  readonly savedViewId: Id;
  readonly tag: string;
  readonly repairOrderId: Id;
  readonly contactId: Id;
  /** Of how the customer was made. */
  readonly auditEntryId: Id;
}

/** Open in a night that never comes. */
const quietNight = { startsAtLocal: "2099-01-01T22:00", minutes: 60, timeZone: "Europe/Berlin", repeat: null, until: null };

/** Makes a customer whose every text carries the mark, through the API where it can be made there. */
export async function makeCustomer({ api, database, providerId }: TestServer, mark: string): Promise<Belongings> {
  const { customerId } = await api("createCustomer", { body: { name: `${mark} customer` } });
  const { siteId } = await api("createSite", { body: { customerId, name: `${mark} site` } });
  const { enrolmentTokenId } = await api("createEnrolmentToken", { body: { siteId } });
  const { recipientId } = await api("createRecipient", { body: { customerId, address: `${mark}@hauswart.test` } });
  const { webhookId } = await api("createWebhook", { body: { customerId, url: `https://hooks.example/${mark}` } });
  const { savedViewId } = await api("createSavedView", {
    body: { list: "devices", name: `${mark} view`, search: `customer=${customerId}`, isShared: true },
  });
  const [deviceId, findingId, mailId] = [newId(), newId(), newId()];
  const [repairOrderId, contactId] = [newId(), newId()];
  const tag = "a tag that both have";
  await database.unwalled("seed of a test", async (tx) => {
    const own = [providerId, customerId] as const;
    await tx.sql(
      "insert into hauswart.device (provider_id, customer_id, device_id, site_id, name, hostname, role, system, tags) values ($1, $2, $3, $4, $5, $5, 'server', 'linux', $6)",
      [...own, deviceId, siteId, `${mark} device`, [tag, `${mark} tag`]],
    );
    await tx.sql(
      "insert into hauswart.device_link (provider_id, customer_id, device_id, connected_at, disconnected_at, last_seen_at) values ($1, $2, $3, now(), now(), now())",
      [...own, deviceId],
    );
    await tx.sql(
      `insert into hauswart.finding (provider_id, customer_id, finding_id, site_id, device_id, check_id, code, subject, severity, evidence, evidence_at, opened_at, changed_at)
       values ($1, $2, $3, $4, $5, 'disk-space', 'low', $6, 'failure', '{}', now(), now(), now())`,
      [...own, findingId, siteId, deviceId, `${mark} subject`],
    );
    await tx.sql(
      "insert into hauswart.finding_event (provider_id, customer_id, finding_event_id, finding_id, at, kind, actor, note) values ($1, $2, $3, $4, now(), 'opened', '{}', $5)",
      [...own, newId(), findingId, `${mark} note`],
    );
    await tx.sql(
      `insert into hauswart.mail (provider_id, customer_id, mail_id, message_id, recipients, subject, text_body, html_body, state) values ($1, $2, $3, $4, $5::text::jsonb, $6, $6, $6, 'refused')`,
      [
        ...own,
        mailId,
        `<${mailId}@hauswart.test>`,
        JSON.stringify([{ address: `${mark}@hauswart.test`, state: "refused", answer: "no" }]),
        `${mark} mail`,
      ],
    );
    await tx.sql(
      `insert into hauswart.repair_order (provider_id, customer_id, repair_order_id, finding_id, mail_id, language, title, terms, ordered_by, contact, note, address, ordered_at)
       values ($1, $2, $3, $4, $5, 'de', $6, '{"kind": "quote"}', $6, $6, $6, $6, now())`,
      [...own, repairOrderId, findingId, mailId, `${mark} order`],
    );
    await tx.sql(
      `insert into hauswart.contact (provider_id, customer_id, contact_id, finding_id, title, channel, partner, at, reached, agreed, next_step, next_due_at, recorded_by)
       values ($1, $2, $3, $4, $5, 'mail', $5, now(), true, $5, $5, now(), $5)`,
      [...own, contactId, findingId, `${mark} contact`],
    );
    await tx.sql(
      `insert into hauswart.alarm_drill (provider_id, customer_id, drill_id, device_id, device_name, policy_id, started_by, started_at, cleared_at)
       values ($1, $2, uuidv7(), $3, $4, $3, $4, now(), now())`,
      [...own, deviceId, `${mark} drill`],
    );
    await tx.sql(
      "insert into hauswart.delivery (provider_id, customer_id, delivery_id, webhook_id, event, body, state) values ($1, $2, $3, $4, $5, $5, 'failed')",
      [...own, newId(), webhookId, `${mark} event`],
    );
  });
  await database.unwalled("seed of a test", (tx) =>
    tx.sql(
      `insert into hauswart.round_record (provider_id, customer_id, device_id, check_id, day, site_id, check_number, due_at, ends_at, opened_at, state, reason, detail)
       values ($1, $2, $3, 'antivirus-status', '2026-03-02', $4, 0, now(), now(), now(), 'not-measurable', 'server-down', $5)`,
      [providerId, customerId, deviceId, siteId, `${mark} detail`],
    ),
  );
  const { policyId } = await api("createPolicy", {
    body: { name: `${mark} policy`, customerId, checks: [{ check: "uptime" }], assignments: [{ scope: "customer", scopeId: customerId }] },
  });
  const { maintenanceWindowId } = await api("createMaintenanceWindow", {
    body: { scope: "site", scopeId: siteId, name: `${mark} window`, when: { kind: "planned", schedule: quietNight } },
  });
  return {
    customerId,
    siteId,
    deviceId,
    findingId,
    policyId,
    maintenanceWindowId,
    recipientId,
    mailId,
    webhookId,
    enrolmentTokenId,
    savedViewId,
    tag,
    repairOrderId,
    contactId,
    auditEntryId: (await api("listAudit", { query: { subject: customerId, limit: 1 } })).items[0]!.auditEntryId,
  };
}

/** Ids of what belongs to the provider as a whole. */
export interface ProviderBelongings extends Pick<Belongings, "recipientId" | "mailId" | "webhookId" | "policyId" | "maintenanceWindowId"> {
  readonly apiKeyId: Id;
  /** An owner, with a session. */
  readonly accountId: Id;
  readonly sessionId: Id;
  readonly invitationId: Id;
  readonly calendarId: Id;
  readonly holidaySetId: Id;
  readonly providerId: Id;
}

/** What belongs to the whole provider and to no customer, marked too. */
export async function makeProviderBelongings(
  { api, database, providerId, services }: TestServer,
  mark: string,
): Promise<ProviderBelongings> {
  // They are made when somebody first asks.
  await calendarsOf(services, providerId);
  await api("getPushKey");
  const { recipientId } = await api("createRecipient", { body: { customerId: null, address: `${mark}@hauswart.test` } });
  const { webhookId } = await api("createWebhook", { body: { customerId: null, url: `https://hooks.example/${mark}` } });
  const { apiKeyId } = await api("createApiKey", { body: { name: `${mark} key`, scopes: ["devices:read"] } });
  const { policyId } = await api("createPolicy", { body: { name: "House policy", checks: [{ check: "uptime", settings: {} }] } });
  const mailId = newId();
  await database.unwalled("seed of a test", (tx) =>
    tx.sql(
      "insert into hauswart.mail (provider_id, mail_id, message_id, recipients, subject, text_body, html_body, state) values ($1, $2, $3, '[]', $4, $4, $4, 'refused')",
      [providerId, mailId, `<${mailId}@hauswart.test>`, `${mark} mail`],
    ),
  );
  const { accountId, sessionId } = await seedPerson(services, { providerId }, { role: "owner", email: `${mark}-owner@hauswart.test` });
  const { invitationId } = await api("inviteAccount", { body: { email: `${mark}-new@hauswart.test`, name: mark, role: "owner" } });
  const { maintenanceWindowId } = await api("createMaintenanceWindow", {
    body: { scope: "provider", name: "House window", when: { kind: "planned", schedule: quietNight } },
  });
  const { calendars } = await api("listCalendars");
  const { calendarId, holidaySetId } = calendars.find((calendar) => calendar.holidaySetId !== null)!;
  const belongings = { calendarId, holidaySetId: holidaySetId!, providerId };
  return { ...belongings, recipientId, webhookId, apiKeyId, policyId, maintenanceWindowId, mailId, accountId, sessionId, invitationId };
}

/**
 * All rows that are not this customer's, as one text: what must not change while an actor of the customer tries.
 * @param accountId of the actor, who may change what is their own
 */
export async function everythingBut({ database }: TestServer, customerId: Id | undefined, accountId?: Id): Promise<Record<string, string>> {
  return database.unwalled("look of a test", async (tx) => {
    const tables = await tx.sql<{ name: string; owned: boolean; personal: boolean }>(
      `select c.relname as name, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'customer_id') as owned,
         exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id') as personal
       from pg_class c where c.relnamespace = 'hauswart'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`,
    );
    const found: Record<string, string> = {};
    for (const { name, owned, personal } of tables) {
      // These move with time and with use.
      if (["server_process", "sign_in_failure", "sign_in_challenge", "session", "history_progress"].includes(name)) continue;
      const conditions = [
        ...(owned && customerId !== undefined ? [`customer_id is distinct from '${customerId}'`] : []),
        ...(personal && accountId !== undefined ? [`account_id is distinct from '${accountId}'`] : []),
        ...(name === "audit_entry" && accountId !== undefined ? [`actor ->> 'id' is distinct from '${accountId}'`] : []),
      ];
      const where = conditions.length > 0 ? `where ${conditions.join(" and ")}` : "";
      const [row] = await tx.sql<{ text: string | null }>(
        `select string_agg((to_jsonb(t) - 'last_used_at')::text, E'\\n' order by (to_jsonb(t) - 'last_used_at')::text) as text from hauswart.${name} t ${where}`,
      );
      found[name] = row?.text ?? "";
    }
    return found;
  });
}
