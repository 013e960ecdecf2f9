/**
 * What one device may send, so that a single one that is broken or in wrong hands neither fills the disk nor keeps the server from the
 * others. Far above what an agent has to say: it is used up only by what no agent does.
 */
import type { AgentMessage } from "@hauswart/protocol/wire/messages.ts";

/** At once: an agent's full buffer (256 MiB), and a quarter more. */
export const budgetBytes = 320 * 1024 * 1024;
/** In the long run, bytes per second: 860 MB a day. An agent with all checks needs some few, one that asks 200 printers and switches 300. */
const refillBytesPerSecond = 10_000;
/** Small messages are work, too. */
const leastBytes = 1_000;
/** What may be a transaction of its own, and an agent says some few times a day; when somebody comes or goes, and that at most every 15 seconds. */
const rareBytes = 64 * 1024;
const rare: ReadonlySet<string> = new Set<AgentMessage["type"]>(["goodbye", "update-report", "seen", "signed-in"]);

export class DeviceBudget {
  private leftBytes = budgetBytes;
  private countedAtMs: number;

  /** @param nowMs of a clock that never goes back */
  constructor(nowMs: number) {
    this.countedAtMs = nowMs;
  }

  /** A message of so many bytes has come. @returns whether the device may send it. */
  take(type: AgentMessage["type"], bytes: number, nowMs: number): boolean {
    const refilled = this.leftBytes + ((nowMs - this.countedAtMs) / 1_000) * refillBytesPerSecond;
    this.countedAtMs = nowMs;
    const price = Math.max(bytes, rare.has(type) ? rareBytes : leastBytes);
    this.leftBytes = Math.min(refilled, budgetBytes) - price;
    if (this.leftBytes >= 0) return true;
    // What was refused has cost next to nothing.
    this.leftBytes += price;
    return false;
  }
}
