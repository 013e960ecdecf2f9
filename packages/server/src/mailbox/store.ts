/** How far a mailbox was read, and by which process. One row per mailbox of the installation. */
import type { Services } from "../services.ts";

/** How long a process has a mailbox without saying that it still reads it. */
export const readerMs = 90_000;

/** The row's key and who asks. */
export interface MailboxKey {
  readonly services: Pick<Services, "database" | "clock" | "processId">;
  readonly name: string;
}

const at = (parameter: string) => `to_timestamp(${parameter}::float8 / 1000)`;

/** Takes the mailbox for this process, or keeps hold of it. @returns whether it is this process's to read */
export async function holdMailbox({ services, name }: MailboxKey): Promise<boolean> {
  const rows = await services.database.unwalled("keep hold of a mailbox", (tx) =>
    tx.sql(
      `insert into hauswart.mailbox (name, reader_id, read_until) values ($1, $2, ${at("($3::float8 + $4::float8)")})
       on conflict (name) do update set reader_id = excluded.reader_id, read_until = excluded.read_until
       where mailbox.reader_id is null or mailbox.reader_id = excluded.reader_id or mailbox.read_until < ${at("$3")}
       returning name`,
      [name, services.processId, services.clock.now(), readerMs],
    ),
  );
  return rows.length > 0;
}

/** Leaves the mailbox to another process, or to this one after its next start. */
export async function releaseMailbox({ services, name }: MailboxKey): Promise<void> {
  await services.database.unwalled("let go of a mailbox", (tx) =>
    tx.sql("update hauswart.mailbox set reader_id = null, read_until = null where name = $1 and reader_id = $2", [
      name,
      services.processId,
    ]),
  );
}

/** Number of the last message that was dealt with; undefined when the mailbox is new, or its messages were numbered anew. */
export async function lastUid({ services, name }: MailboxKey, uidValidity: bigint): Promise<number | undefined> {
  const [row] = await services.database.unwalled("how far a mailbox was read", (tx) =>
    tx.sql<{ last_uid: number }>("select last_uid::float8 as last_uid from hauswart.mailbox where name = $1 and uid_validity = $2", [
      name,
      uidValidity.toString(),
    ]),
  );
  return row?.last_uid;
}

/** Begins with the message. @returns how often it was begun with by now, 1 at the first time */
export async function beginMessage({ services, name }: MailboxKey, uid: number): Promise<number> {
  const [row] = await services.database.unwalled("begin with a message", (tx) =>
    tx.sql<{ attempts: number }>(
      `update hauswart.mailbox set uid_in_hand = $2, attempts = case when uid_in_hand = $2::bigint then attempts + 1 else 1 end
       where name = $1 returning attempts`,
      [name, uid],
    ),
  );
  return row?.attempts ?? 1;
}

/** All up to this message is dealt with. */
export async function endMessage({ services, name }: MailboxKey, uidValidity: bigint, uid: number): Promise<void> {
  await services.database.unwalled("a message is dealt with", (tx) =>
    tx.sql("update hauswart.mailbox set uid_validity = $2, last_uid = $3, uid_in_hand = null, attempts = 0 where name = $1", [
      name,
      uidValidity.toString(),
      uid,
    ]),
  );
}

/** The mailbox was read to its end. @param newestUid of all that was there when it was opened: of a new mailbox what is older is not read */
export async function noteRead({ services, name }: MailboxKey, uidValidity: bigint, newestUid: number): Promise<void> {
  await services.database.unwalled("a mailbox was read", (tx) =>
    tx.sql(
      `update hauswart.mailbox set checked_at = ${at("$2")}, failing_since = null, problem = null,
         last_uid = case when uid_validity = $3::bigint then last_uid else $4::bigint end, uid_validity = $3
       where name = $1`,
      [name, services.clock.now(), uidValidity.toString(), newestUid],
    ),
  );
}

/** The mailbox could not be read. */
export async function noteFailure({ services, name }: MailboxKey, problem: string): Promise<void> {
  await services.database.unwalled("a mailbox could not be read", (tx) =>
    tx.sql(`update hauswart.mailbox set failing_since = coalesce(failing_since, ${at("$2")}), problem = $3 where name = $1`, [
      name,
      services.clock.now(),
      problem,
    ]),
  );
}

/** How reading a mailbox stands. Times are Unix milliseconds. */
export interface MailboxStanding {
  readonly failingSinceMs: number | undefined;
  readonly problem: string;
}

/** undefined when it was never tried. */
export async function mailboxStanding({ services, name }: MailboxKey): Promise<MailboxStanding | undefined> {
  const [row] = await services.database.unwalled("how a mailbox stands", (tx) =>
    tx.sql<{ failing_since: Date | null; problem: string | null }>("select failing_since, problem from hauswart.mailbox where name = $1", [
      name,
    ]),
  );
  return row && { failingSinceMs: row.failing_since?.getTime(), problem: row.problem ?? "" };
}
