/** What the server knows about itself, read without judging it. Per provider where it is about mails and devices, else for the whole installation. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { DrillReason } from "@hauswart/protocol/alarm-drill.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { readBackupStanding, type BackupStanding } from "../backup/backup-runs.ts";
import type { Tx } from "../database/database.ts";
import { jobSchema } from "../database/roles.ts";
import { isStuck, stuckAfterMs } from "../mail/stuck-mails.ts";
import { unreachableAddresses, type UnreachableAddress } from "../mail/reports/unreachable.ts";
import { mailboxAddress } from "../mailbox/mailbox-address.ts";
import { mailboxStanding, type MailboxStanding } from "../mailbox/store.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { scarcestVolume, type VolumeSpace } from "./free-space.ts";

/** A chore of the timetable as the job queue remembers it, whichever process ran it. */
export interface ChoreFacts {
  readonly name: string;
  /** Its timetable, five fields. */
  readonly cron: string;
  /** Unix milliseconds. */
  readonly scheduledSinceMs: number;
  /** Reason of the newest run when that failed. */
  readonly failure: string | undefined;
  /** Unix milliseconds; undefined when it never ran to its end, or not for so long that the queue has forgotten it. */
  readonly doneAtMs: number | undefined;
}

/** How the alarm drills of a customer stand. Times are Unix milliseconds. */
export interface DrillFacts {
  readonly customerId: Id;
  readonly customerName: string;
  /** Since when drills are wanted. */
  readonly sinceMs: number;
  /** Start of the last that was confirmed; undefined when none was. */
  readonly lastGoodAtMs: number | undefined;
  /** Why the last one that ended failed; undefined when it did not. */
  readonly failure: DrillReason | undefined;
}

/** A calendar without any working day. */
export interface IdleCalendar {
  readonly name: string;
  /** Whether the house works by it, and how many customers and sites do of their own. */
  readonly isHouse: boolean;
  readonly places: number;
}

export interface SelfFacts {
  readonly nowMs: number;
  /** Start of this process, Unix milliseconds. */
  readonly upSinceMs: number;
  /** When the provider was made, Unix milliseconds. */
  readonly installedAtMs: number;
  readonly mails: { readonly stuck: number; readonly refused: number };
  /** Addresses that mails came back from. */
  readonly unreachable: readonly UnreachableAddress[];
  /** undefined where none is to be read, or none was tried yet. */
  readonly mailbox: MailboxStanding | undefined;
  /** undefined where the folder's volume cannot be read. */
  readonly disk: VolumeSpace | undefined;
  readonly isDatabaseFull: boolean;
  readonly chores: readonly ChoreFacts[];
  /** Age of the oldest entry of the audit log without a seal, milliseconds; 0 when all are sealed. */
  readonly unsealedForMs: number;
  readonly backup: BackupStanding;
  /** End of the server's own certificate, Unix milliseconds; undefined when TLS does not end here or the file cannot be read. */
  readonly certificateEndsAtMs: number | undefined;
  /** Why a renewed certificate is not taken. */
  readonly certificateProblem?: string | undefined;
  /** Of each connected device: its clock minus the server's, milliseconds. */
  readonly clockOffsetsMs: readonly number[];
  /** Customers that want alarm drills. */
  readonly drills: readonly DrillFacts[];
  /** Calendars without any working day that hold for service somewhere. */
  readonly idleCalendars: readonly IdleCalendar[];
  /** Messages of the last 24 hours that could not be stored. */
  readonly quarantined: { readonly messages: number; readonly devices: number };
}

const dayMs = 86_400_000;

/** Reads the facts for one provider. Parts that cannot be read are left out, so that one broken part hides no other. */
export async function gatherSelfFacts(services: Services, providerId: Id): Promise<SelfFacts> {
  const { clock, database, settings } = services;
  const nowMs = clock.now();
  const [stored, mailbox, disk, certificateEndsAtMs] = await Promise.all([
    database.unwalled("what the server says of itself", (tx) => readStored(tx, services, providerId, nowMs)),
    settings.imapUrl === undefined ? undefined : mailboxStanding({ services, name: mailboxAddress(settings.imapUrl).name }),
    readDisk(settings.dataDirectory),
    readCertificateEnd(services),
  ]);
  return {
    nowMs,
    ...stored,
    mailbox,
    disk,
    certificateEndsAtMs,
    certificateProblem: services.certificateProblem?.(),
    isDatabaseFull: database.isFull(),
  };
}

type Stored = Omit<SelfFacts, "nowMs" | "mailbox" | "disk" | "certificateEndsAtMs" | "isDatabaseFull">;

interface StoredRow {
  installed_at: Date | null;
  up_since: Date | null;
  stuck: number;
  refused: number;
  unsealed_since: Date | null;
  offsets: number[];
  messages: number;
  devices: number;
}

async function readStored(tx: Tx, { processId }: Services, providerId: Id, nowMs: number): Promise<Stored> {
  const [row] = await tx.sql<StoredRow>(
    `select (select created_at from hauswart.provider where provider_id = $1) as installed_at,
       (select started_at from hauswart.server_process where process_id = $2) as up_since,
       (select count(*)::int from hauswart.mail where provider_id = $1 and ${isStuck("$3")}) as stuck,
       (select count(*)::int from hauswart.mail where provider_id = $1 and state = 'refused' and created_at > $4::timestamptz) as refused,
       (select min(at) from hauswart.audit_entry where provider_id = $1 and position is null) as unsealed_since,
       (select coalesce(array_agg(l.clock_offset_ms), '{}') from hauswart.device_link l join hauswart.server_process p on p.process_id = l.process_id
         where l.provider_id = $1 and l.clock_offset_ms is not null and p.stopped_at is null and l.last_seen_at > $3::timestamptz
           and (l.disconnected_at is null or l.disconnected_at < l.connected_at)) as offsets,
       (select count(*)::int from hauswart.quarantined_message where provider_id = $1 and received_at > $4::timestamptz) as messages,
       (select count(distinct device_id)::int from hauswart.quarantined_message where provider_id = $1 and received_at > $4::timestamptz) as devices`,
    [providerId, processId, isoTime(nowMs - stuckAfterMs), isoTime(nowMs - dayMs)],
  );
  return {
    installedAtMs: row?.installed_at?.getTime() ?? nowMs,
    upSinceMs: row?.up_since?.getTime() ?? nowMs,
    mails: { stuck: row?.stuck ?? 0, refused: row?.refused ?? 0 },
    unsealedForMs: row?.unsealed_since ? Math.max(0, nowMs - row.unsealed_since.getTime()) : 0,
    clockOffsetsMs: row?.offsets ?? [],
    quarantined: { messages: row?.messages ?? 0, devices: row?.devices ?? 0 },
    unreachable: await unreachableAddresses(tx, providerId),
    drills: await readDrills(tx, providerId),
    idleCalendars: await readIdleCalendars(tx, providerId),
    chores: await readChores(tx),
    backup: await readBackupStanding(tx, nowMs),
  };
}

async function readDrills(tx: Tx, providerId: Id): Promise<DrillFacts[]> {
  const rows = await tx.sql<{ customer_id: Id; name: string; since: Date; last_good_at: Date | null; failure: DrillReason | null }>(
    `select c.customer_id, c.name, c.alarm_drill_since as since,
       (select max(a.started_at) from hauswart.alarm_drill a where a.provider_id = $1 and a.customer_id = c.customer_id and a.result = 'done') as last_good_at,
       (select a.reason from hauswart.alarm_drill a where a.provider_id = $1 and a.customer_id = c.customer_id and a.ended_at is not null
         order by a.drill_id desc limit 1) as failure
     from hauswart.customer c where c.provider_id = $1 and c.alarm_drill_since is not null order by c.name`,
    [providerId],
  );
  return rows.map(({ customer_id, name, since, last_good_at, failure }) => ({
    customerId: customer_id,
    customerName: name,
    sinceMs: since.getTime(),
    lastGoodAtMs: last_good_at?.getTime(),
    failure: failure ?? undefined,
  }));
}

function readIdleCalendars(tx: Tx, providerId: Id): Promise<IdleCalendar[]> {
  return tx.sql<IdleCalendar>(
    `select c.name, bool_or(a.scope = 'provider') as "isHouse", (count(*) filter (where a.scope <> 'provider'))::int as places
     from hauswart.calendar c
     join hauswart.calendar_assignment a on a.provider_id = c.provider_id and a.calendar_id = c.calendar_id and a.purpose = 'service'
     where c.provider_id = $1 and cardinality(c.working_days) = 0
     group by c.calendar_id, c.name order by c.name`,
    [providerId],
  );
}

/**
 * From the queue's own table, because the process that answers need not be the one that ran the chore. One that is being tried
 * again has failed until it is done: what its last attempt ended with stands in `output`.
 */
async function readChores(tx: Tx): Promise<ChoreFacts[]> {
  const [queue] = await tx.sql<{ exists: boolean }>("select to_regclass($1) is not null as exists", [`${jobSchema}.job`]);
  if (!queue?.exists) return [];
  const rows = await tx.sql<{ name: string; cron: string; scheduled_since: Date; done_at: Date | null; failure: string | null }>(
    `select schedule.name, schedule.cron, schedule.created_on as scheduled_since, runs.done_at, runs.failure
     from ${jobSchema}.schedule, lateral (
       select max(completed_on) filter (where state = 'completed') as done_at,
         (array_agg(coalesce(output ->> 'message', output ->> 'value', '') order by coalesce(completed_on, started_on) desc)
           filter (where (state in ('failed', 'retry') or (state = 'active' and output is not null)) and not exists (
             select from ${jobSchema}.job later where later.name = job.name and later.state = 'completed'
               and later.completed_on > coalesce(job.completed_on, job.started_on))))[1] as failure
       from ${jobSchema}.job where job.name = schedule.name) runs
     order by schedule.name`,
  );
  return rows.map(({ name, cron, scheduled_since, done_at, failure }) => ({
    name,
    cron,
    scheduledSinceMs: scheduled_since.getTime(),
    doneAtMs: done_at?.getTime(),
    failure: failure ?? undefined,
  }));
}

async function readDisk(dataDirectory: string): Promise<SelfFacts["disk"]> {
  try {
    return await scarcestVolume(dataDirectory);
  } catch {
    // A folder that is not there holds nothing that could fill it: with a database of its own the server needs none.
    return undefined;
  }
}

async function readCertificateEnd({ settings, log }: Services): Promise<number | undefined> {
  if (settings.tls.kind !== "certificate") return undefined;
  try {
    return Date.parse(new X509Certificate(await readFile(settings.tls.certificatePath)).validTo);
  } catch (error) {
    log.warn("the end of the TLS certificate could not be read", { error });
    return undefined;
  }
}
