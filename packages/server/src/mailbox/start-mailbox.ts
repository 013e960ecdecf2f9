/**
 * Reads a mailbox as long as the server runs: connects, takes what is new, waits for more, and begins again when the connection is lost.
 * Of several processes one reads; another goes on when it dies.
 */
import { setTimeout as pause } from "node:timers/promises";
import { backoffMs } from "../jobs/backoff.ts";
import { redactText } from "../operation/redact.ts";
import type { Services } from "../services.ts";
import type { MailboxHandler, OpenTheMailbox } from "./mailbox.ts";
import { readNew } from "./read-new.ts";
import { holdMailbox, noteFailure, releaseMailbox } from "./store.ts";

/** Asked for news so often even when the mail server says nothing; also what tells that the connection still holds. */
const newsMs = 30_000;
const retry = { firstMs: 2_000, mostMs: 120_000 };

export interface MailboxOptions {
  /** Without its password. */
  readonly name: string;
  readonly open: OpenTheMailbox;
  readonly handlers: readonly MailboxHandler[];
  /** After each pass that came to the end of the mailbox. */
  readonly afterPass?: () => Promise<void>;
}

export interface RunningMailbox {
  /** Waits for the message in hand. */
  stop(): Promise<void>;
}

/** Starts reading. */
export function startMailbox(services: Services, options: MailboxOptions): RunningMailbox {
  const stopping = new AbortController();
  const done = readOn(services, options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function readOn(services: Services, options: MailboxOptions, signal: AbortSignal): Promise<void> {
  const { log } = services;
  const key = { services, name: options.name };
  let failures = 0;
  const onRead = () => {
    if (failures > 0) log.info("the mailbox can be read again", { mailbox: options.name });
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      if (await holdMailbox(key)) await session(services, options, signal, onRead);
      else await rest(newsMs, signal);
    } catch (error) {
      failures++;
      const problem = redactText(error instanceof Error ? error.message : String(error)).slice(0, 300);
      if (failures === 1) log.warn("the mailbox cannot be read; it will be tried again", { mailbox: options.name, problem });
      // Where the database is what failed there is nowhere to write it down; its own trouble is told elsewhere.
      await noteFailure(key, problem).catch(() => undefined);
      await rest(backoffMs(retry, failures), signal);
    }
  }
  await releaseMailbox(key).catch((error: unknown) => log.warn("the mailbox was not left to another process", { error }));
}

/** One connection, as long as it holds. Returns when another process reads, or at the end. */
async function session(services: Services, options: MailboxOptions, signal: AbortSignal, onRead: () => void): Promise<void> {
  const reading = { services, name: options.name, handlers: options.handlers };
  const mailbox = await options.open();
  try {
    while (!signal.aborted && (await holdMailbox(reading))) {
      await readNew(reading, mailbox, signal);
      if (signal.aborted) return;
      onRead();
      await options.afterPass?.();
      await mailbox.news(newsMs, signal);
    }
  } finally {
    mailbox.close();
  }
}

const rest = (waitMs: number, signal: AbortSignal) => pause(waitMs, undefined, { signal }).catch(() => undefined);
