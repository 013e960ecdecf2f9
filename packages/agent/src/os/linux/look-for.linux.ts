/**
 * Looks for a neighbour that is not heard of. The kernel is made to resolve its address by an attempt to connect, and then asked what it
 * found (proc_net(5), arp). Bun says ECONNREFUSED whatever became of an attempt, so a refusal alone proves nothing.
 */
import { connect } from "node:net";
import { linuxCard } from "../network/gateways.ts";
import { readTextFile } from "../read-files.ts";
import type { Sighting } from "../system.ts";

/** Ports that answer on most computers, open or closed: RPC endpoint mapper and secure shell. */
const ports = [135, 22];
/** An answer within the same network is there much sooner; a failed resolution takes the kernel three seconds. */
const promptMs = 1_000;
/** An entry that was confirmed just now is believed for up to 45 s, one and a half times base_reachable_time (arp(7)). */
const believedMs = 46_000;
/** Used after that, it is probed after delay_first_probe_time (5 s) and given up after three probes a second apart (arp(7)). */
const settledMs = 10_000;

/** The kernel has given the resolution up by then. */
const givenUpMs = 5_000;

type Attempt = "open" | "refused-promptly" | "other";

export async function lookFor(address: string): Promise<Sighting> {
  const first = await attempts(address);
  const known = entryOf(await readTextFile("/proc/net/arp"), address);
  if (first.includes("open") || (known === true && first.includes("refused-promptly"))) return { answers: true, resolves: true };
  if (known === false) return { answers: false, resolves: false };
  await pause(believedMs);
  void attempts(address);
  await pause(settledMs);
  return { answers: false, resolves: entryOf(await readTextFile("/proc/net/arp"), address) };
}

const attempts = (address: string) => Promise.all(ports.map((port) => attempt(address, port)));
const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());

function attempt(address: string, port: number): Promise<Attempt> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const socket = connect({ host: address, port });
    const end = (outcome: Attempt) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end("other"), givenUpMs);
    socket.once("connect", () => end("open"));
    socket.once("error", () => end(performance.now() - startedMs < promptMs ? "refused-promptly" : "other"));
  });
}

/** Whether the table has a network card for the address; null when it does not list it. Exported for its test. */
export function entryOf(table: string, address: string): boolean | null {
  const entry = linuxCard(table, address);
  return entry ? entry.isComplete && entry.card !== undefined : null;
}
