/** How an agent is turned away: a code, and how long it stays away. */
import type { ErrorCode } from "@hauswart/protocol/errors.ts";
import { closeCode, type AgentLink } from "./agent-link.ts";

/** Codes that a link can end with. */
export type RefusalCode = Extract<
  ErrorCode,
  | "DEVICE_UNKNOWN"
  | "DEVICE_REVOKED"
  | "DEVICE_QUARANTINED"
  | "SIGNATURE_INVALID"
  | "PROTOCOL_UNSUPPORTED"
  | "MESSAGE_MALFORMED"
  | "EPOCH_OUTDATED"
  | "STREAM_DIVERGED"
  | "SERVER_BUSY"
>;

/**
 * Seconds that the agent waits at least, and how many more at most by chance, so that thousands do not come back at once.
 * What only a person can mend is asked for seldom, yet often enough that mending shows within minutes.
 */
const waits: Record<RefusalCode, readonly [least: number, chance: number]> = {
  DEVICE_UNKNOWN: [600, 300],
  DEVICE_REVOKED: [3_600, 600],
  DEVICE_QUARANTINED: [600, 300],
  SIGNATURE_INVALID: [600, 300],
  PROTOCOL_UNSUPPORTED: [3_600, 600],
  MESSAGE_MALFORMED: [60, 60],
  EPOCH_OUTDATED: [1, 4],
  STREAM_DIVERGED: [0, 1],
  SERVER_BUSY: [2, 13],
};

export const isRefusalCode = (code: string): code is RefusalCode => code in waits;

/** Tells the agent why, and closes. */
export function refuse(link: AgentLink, code: RefusalCode, detail?: string, removal?: string): void {
  if (link.state === "closed") return;
  const [least, chance] = waits[code];
  link.send({
    type: "refused",
    code,
    ...(detail === undefined ? {} : { detail: detail.slice(0, 500) }),
    ...(removal === undefined ? {} : { removal }),
    retryAfterSeconds: Math.round((least + Math.random() * chance) * 10) / 10,
  });
  link.close(closeCode.policy, code);
}
