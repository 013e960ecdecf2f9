/**
 * One agent's connection, whatever carries it.
 *
 * ```
 * challenged ── hello ──▶ introduced ── taken over ──▶ current ──▶ closed
 *      └──────────────────────┴── refused ─────────────────────────▲
 * ```
 * - challenged: the agent has our nonce and has to prove who it is.
 * - introduced: it said so; it is looked up, verified and loaded together with others.
 * - current: this process speaks for the device; `device` is its memory.
 */
import type { ServerMessage, UpdateReport } from "@hauswart/protocol/wire/messages.ts";
import type { DeviceMemory } from "../ingest/device-memory.ts";
import type { Desk } from "./desk.ts";
import type { DeviceBudget } from "./device-budget.ts";

/** What a link needs of a socket. */
export interface LinkSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
  ping(): void;
}

export type LinkState = "challenged" | "introduced" | "current" | "closed";

/** Close codes of RFC 6455, section 7.4. */
export const closeCode = { normal: 1000, goingAway: 1001, policy: 1008, serviceRestart: 1012 } as const;

export class AgentLink {
  readonly address: string;
  /** Of a link within this process: the key that its devices prove themselves by (raw, base64). They have none in the database. */
  readonly ownKey: Buffer | undefined;
  state: LinkState = "challenged";
  socket: LinkSocket | undefined;
  /** Our nonce; void once a hello has used it. */
  nonce = "";
  /** `performance.now()` of opening and of the last sign of life. */
  openedAtMs = 0;
  lastHeardAtMs = 0;
  runId = "";
  device: DeviceMemory | undefined;
  /** The agent said that it goes; how the loss of the connection is to be read. */
  saidGoodbye = false;
  /** What its device may send; there once the link is current. */
  budget: DeviceBudget | undefined;
  /** Stands in the doorway: it has not said who it is. */
  isAtDoor = false;
  /** What it says of an update; there with the first word of it. */
  reports: Desk<UpdateReport> | undefined;
  /** Messages that wait for the commit of the one before, for a device whose messages are committed one by one. */
  held: string[] | undefined;
  private awaitedPongs: Set<() => void> | undefined;

  constructor(address: string, ownKey?: Buffer) {
    this.address = address;
    this.ownKey = ownKey;
  }

  send(message: ServerMessage): void {
    this.socket?.send(JSON.stringify(message));
  }

  /** Any message, ping or pong has arrived. */
  heard(): void {
    this.lastHeardAtMs = performance.now();
  }

  pong(): void {
    this.heard();
    for (const answered of this.awaitedPongs ?? []) answered();
  }

  /** Asks the other side for a sign of life. @returns whether one came in time. */
  answersWithin(milliseconds: number): Promise<boolean> {
    if (this.state === "closed") return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (isAlive: boolean) => {
        clearTimeout(timer);
        this.awaitedPongs?.delete(answered);
        resolve(isAlive);
      };
      const answered = () => end(true);
      const timer = setTimeout(() => end(false), milliseconds);
      (this.awaitedPongs ??= new Set()).add(answered);
      this.socket?.ping();
    });
  }

  close(code: number, reason: string): void {
    this.socket?.close(code, reason);
  }
}
