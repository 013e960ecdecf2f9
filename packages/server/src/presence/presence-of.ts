/**
 * Whether a device is there, and how it went. The socket is the only source: the link row says when it opened and closed and
 * which process held it, and that process's heartbeat says whether it still does. Pure, used wherever presence is shown or
 * counted.
 */
import type { Presence } from "@hauswart/protocol/api/models.ts";
import { presencePeriodMs } from "@hauswart/protocol/wire/versions.ts";
import type { z } from "zod";
import type { Availability } from "./availability.ts";
import { isConnected, processDeadAfterMs, type LinkTimes } from "./is-connected.ts";

/** After our own downtime, agents have this long to return: their longest pause between two attempts, and time to be let in. */
export const returnGraceMs = 120_000;
/** A restart or an update of the agent that takes longer has gone wrong. */
export const restartPatienceMs = 900_000;

/** What is needed of device_link and of the process that holds, or held, the connection. Times as dates, as the driver gives them. */
export interface PresenceRow extends LinkTimes {
  readonly last_seen_at: Date | null;
  readonly goodbye: string | null;
  readonly goodbye_at: Date | null;
}

/**
 * SQL: what to select and to join for a PresenceRow.
 * @param link alias of device_link.
 */
export const presenceColumns = (
  link: string,
) => `${link}.connected_at, ${link}.disconnected_at, ${link}.last_seen_at, ${link}.goodbye, ${link}.goodbye_at,
  ${link}_process.alive_at as process_alive_at, ${link}_process.stopped_at as process_stopped_at`;
export const presenceJoin = (link: string) =>
  `left join hauswart.server_process ${link}_process on ${link}_process.process_id = ${link}.process_id`;

/**
 * SQL: whether `presenceOf` would say "present"; a test holds the two together. For figures over many devices.
 * @param link alias of device_link, joined with `presenceJoin`. @param now a parameter's place: the moment in question.
 */
export const isPresentSql = (link: string, now: string) => {
  const [l, p] = [link, `${link}_process`];
  return `(${l}.connected_at is not null and (${l}.goodbye is null or ${l}.goodbye_at is null) and case
    when ${l}.disconnected_at >= ${l}.connected_at
      then greatest(${l}.last_seen_at, ${l}.disconnected_at) > ${now}::timestamptz - ${presencePeriodMs} * interval '1 millisecond'
    else ${p}.stopped_at is null and coalesce(${p}.alive_at > ${now}::timestamptz - ${processDeadAfterMs} * interval '1 millisecond', false) end)`;
};

type PresenceShape = z.infer<typeof Presence>;
type Reason = NonNullable<PresenceShape["reason"]>;

const isoOrNull = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** The API's view of a device's presence at `nowMs`. */
export function presenceOf(row: PresenceRow, availability: Availability, nowMs: number): PresenceShape {
  if (!row.connected_at) return { state: "never-connected", since: null, lastSeenAt: null, reason: null };
  const lastSeenMs = lastSign(row);
  const shape = (state: PresenceShape["state"], sinceMs: number, reason: Reason | null): PresenceShape => ({
    state,
    since: isoOrNull(sinceMs),
    lastSeenAt: isoOrNull(lastSeenMs),
    reason,
  });
  if (row.goodbye !== null && row.goodbye_at) {
    const sinceMs = row.goodbye_at.getTime();
    return shape(isOverdueRestart(row, nowMs) ? "silent" : "shut-down", sinceMs, row.goodbye as Reason);
  }
  if (isConnected(row, nowMs)) return shape("present", row.connected_at.getTime(), null);
  if (wentWithServer(row)) return shape(nowMs < returnDeadlineMs(row, availability) ? "unknown" : "silent", lastSeenMs, "connection-lost");
  if (nowMs - lastSeenMs < presencePeriodMs) return shape("present", row.connected_at.getTime(), null);
  return shape(nowMs < availability.upSinceMs + returnGraceMs ? "unknown" : "silent", lastSeenMs, "connection-lost");
}

/** The newest sign of life. While a process held the connection, its own heartbeat stands for the device's. */
export function lastSign(row: PresenceRow): number {
  const held = wentWithServer(row) || !hasEnded(row) ? (row.process_alive_at?.getTime() ?? 0) : 0;
  return Math.max(row.last_seen_at?.getTime() ?? 0, row.connected_at?.getTime() ?? 0, row.disconnected_at?.getTime() ?? 0, held);
}

const hasEnded = ({ connected_at, disconnected_at }: LinkTimes) =>
  connected_at !== null && disconnected_at !== null && disconnected_at >= connected_at;

/** The connection did not end by itself: the process that held it is gone. */
const wentWithServer = (row: LinkTimes) => !hasEnded(row);

/** Until then nobody who went with the server, or could not return during a downtime, is late. */
function returnDeadlineMs({ process_alive_at }: LinkTimes, { upSinceMs }: Availability): number {
  return Math.max(process_alive_at?.getTime() ?? 0, upSinceMs) + returnGraceMs;
}

function isOverdueRestart({ goodbye, goodbye_at }: PresenceRow, nowMs: number): boolean {
  return (goodbye === "restart" || goodbye === "agent-update") && goodbye_at !== null && nowMs - goodbye_at.getTime() > restartPatienceMs;
}

/**
 * Whether a device has been silent for longer than it may: without an orderly goodbye, not counting our own downtime, and
 * never before it had time to return after one. A restart or an agent's update is orderly only if it comes to an end, and sleep
 * only on a workstation: a server that sleeps serves nobody.
 */
export function isOverdue(row: PresenceRow & WithRole, availability: Availability, limitMs: number, nowMs: number): boolean {
  if (!row.connected_at || !mayBeOverdue(row)) return false;
  if (row.goodbye === null && isConnected(row, nowMs)) return false;
  if (nowMs < availability.upSinceMs + returnGraceMs) return false;
  if (wentWithServer(row) && nowMs < returnDeadlineMs(row, availability)) return false;
  const fromMs = row.goodbye_at?.getTime() ?? lastSign(row);
  const silentMs = nowMs - fromMs - availability.downMs(fromMs, nowMs);
  return silentMs > Math.max(limitMs, row.goodbye === null || row.goodbye === "sleep" ? 0 : restartPatienceMs);
}

interface WithRole {
  readonly role: "workstation" | "server";
}

/** SQL: whether `isOverdue` may say yes for this goodbye. @param link alias of device_link @param device alias of device */
export const mayBeOverdueSql = (link: string, device: string) =>
  `(${link}.goodbye is null or ${link}.goodbye in ('restart', 'agent-update') or (${link}.goodbye = 'sleep' and ${device}.role = 'server'))`;

const mayBeOverdue = ({ goodbye, role }: PresenceRow & WithRole) =>
  goodbye === null || goodbye === "restart" || goodbye === "agent-update" || (goodbye === "sleep" && role === "server");
