import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { networkOf, type EchoAnswer, type EchoNotSent, type NetworkAddress } from "@hauswart/agent/readers/network.ts";
import type { NoDataCodeOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { networkPing } from "../protocol.ts";

type Check = typeof networkPing;
type Sample = SampleOf<Check>;

/** Far enough apart that a short pause of the network does not take all, near enough that 20 packets fit into a measurement. */
const intervalMs = 200;

const noConnection = "no-connection";

async function collect({ selection, instance, os, signal }: CollectContext<Check>): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  const target = clip(selection.target.trim() || instance.trim(), textLimit);
  if (target === "") return { noData: "no-target" };
  const network = await networkOf(os);
  const addresses = await network.resolve(target, selection.family);
  if (addresses === "no-answer") {
    if (!network.isConnected()) return { noData: noConnection };
    return { noData: "no-name-server" };
  }
  const [address] = addresses === "not-found" ? [] : addresses;
  if (!address) return { ok: { ...nobody(target), outcome: "name-unknown" } };
  const count = Math.max(1, selection.packets);
  const answer = await network.echo({ target: address, count, intervalMs, timeoutMs: Math.max(1, selection.answerWithinMs), signal });
  if ("notSent" in answer) return whyNotSent(answer);
  // Without a cable the own side looks just like a target that is off.
  if (answer.roundTripsMs.length === 0 && !network.isConnected() && !isOwn(address)) return { noData: noConnection };
  return { ok: sampleOf(target, address, answer) };
}

const isOwn = ({ address }: NetworkAddress) => address.startsWith("127.") || address === "::1";

function whyNotSent({ notSent, detail }: EchoNotSent): Collected<Sample, NoDataCodeOf<Check>> {
  if (notSent === "no-route") return { noData: "no-route" };
  const failed = notSent === "not-permitted" ? "COLLECT_PERMISSION_DENIED" : "COLLECT_UNSUPPORTED";
  return { failed, detail: `no-packet-sent: ${detail}` };
}

const nobody = (target: string): Sample => ({
  target,
  address: "",
  family: "none",
  outcome: "no-answer",
  sentCount: 0,
  receivedCount: 0,
  lossPercent: 100,
  roundTripMeanMs: null,
  roundTripMinMs: null,
  roundTripMaxMs: null,
});

function sampleOf(target: string, { address, family }: NetworkAddress, answer: EchoAnswer): Sample {
  const { sentCount, roundTripsMs, isReportedUnreachable } = answer;
  const received = roundTripsMs.length;
  const outcome = received > 0 ? "answered" : isReportedUnreachable ? "reported-unreachable" : "no-answer";
  const about = { ...nobody(target), address, family, outcome, sentCount, receivedCount: received } as const;
  if (received === 0) return about;
  return {
    ...about,
    lossPercent: Math.round(((sentCount - received) / sentCount) * 1_000) / 10,
    roundTripMeanMs: toMicroseconds(roundTripsMs.reduce((sum, one) => sum + one, 0) / received),
    roundTripMinMs: toMicroseconds(Math.min(...roundTripsMs)),
    roundTripMaxMs: toMicroseconds(Math.max(...roundTripsMs)),
  };
}

const toMicroseconds = (ms: number) => Math.round(ms * 1_000) / 1_000;

export default [collector<Check>({ check: "network-ping", version: 1, callsNatively: true, collect })];
