/** Looks for a neighbour where the system itself resolves addresses and sends pings. */
import type { Sighting } from "../system.ts";
import type { EchoAnswer, EchoNotSent, EchoQuestion } from "./calls.ts";

export interface LookByEcho {
  readonly echo: (question: EchoQuestion) => Promise<EchoAnswer | EchoNotSent>;
  /** Whether the address resolves to a network card, asked after the pings; null: it could not be told. */
  readonly resolves: (address: string) => Promise<boolean | null>;
}

/** Three pings: one of them may be what a sleepy switch loses. */
const question = { count: 3, intervalMs: 500, timeoutMs: 2_000 } as const;

/** See `System.lookFor`. */
export async function lookByEcho(address: string, { echo, resolves }: LookByEcho): Promise<Sighting> {
  const signal = AbortSignal.timeout(30_000);
  const answer = await echo({ ...question, target: { address, family: "ipv4" }, signal }).catch(() => undefined);
  const answers = answer === undefined || "notSent" in answer ? null : answer.roundTripsMs.length > 0;
  // Whoever answers has a network card.
  return { answers, resolves: answers === true ? true : await resolves(address).catch(() => null) };
}
