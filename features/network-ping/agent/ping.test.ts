import { expect, test } from "bun:test";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { EchoAnswer, EchoNotSent, EchoQuestion, NetworkCalls } from "@hauswart/agent/readers/network.ts";
import { networkPing } from "../protocol.ts";
import collectors from "./index.ts";

interface FakeNetwork {
  resolve?: NetworkCalls["resolve"];
  echo?: EchoAnswer | EchoNotSent;
  isConnected?: boolean;
}

async function measure(
  { resolve, echo, isConnected = true }: FakeNetwork,
  settings: object = { target: "printer.example" },
  instance = "",
) {
  const asked: EchoQuestion[] = [];
  const network = {
    isConnected: () => isConnected,
    resolve: resolve ?? (async () => [{ address: "192.0.2.7", family: "ipv4" as const }]),
    echo: async (question: EchoQuestion) => {
      asked.push(question);
      return echo ?? { sentCount: question.count, roundTripsMs: [], isReportedUnreachable: false };
    },
  };
  const answer = await collectors[0]!.collect(
    {
      system: "linux",
      selection: networkPing.selection.parse(settings),
      instance,
      os: { network: async () => network } as unknown as Os,
      signal: new AbortController().signal,
      now: () => 0,
    },
    { values: new Map(), kept: {} },
  );
  return { answer, asked };
}

test("times and loss are what the packets say", async () => {
  const { answer, asked } = await measure({ echo: { sentCount: 5, roundTripsMs: [2, 4, 6.0004], isReportedUnreachable: true } });
  expect(asked[0]).toMatchObject({ target: { address: "192.0.2.7", family: "ipv4" }, count: 5, timeoutMs: 1_000 });
  expect(answer).toEqual({
    ok: {
      target: "printer.example",
      address: "192.0.2.7",
      family: "ipv4",
      outcome: "answered",
      sentCount: 5,
      receivedCount: 3,
      lossPercent: 40,
      roundTripMeanMs: 4,
      roundTripMinMs: 2,
      roundTripMaxMs: 6,
    },
  });
});

test.each<[string, FakeNetwork, object]>([
  ["silence", {}, { outcome: "no-answer", lossPercent: 100, roundTripMeanMs: null, sentCount: 5 }],
  [
    "a router's word",
    { echo: { sentCount: 5, roundTripsMs: [], isReportedUnreachable: true } },
    { outcome: "reported-unreachable", lossPercent: 100 },
  ],
  ["a name that nobody has", { resolve: async () => "not-found" }, { outcome: "name-unknown", address: "", family: "none", sentCount: 0 }],
])("%s is told apart", async (_, network, expected) => {
  expect((await measure(network)).answer).toMatchObject({ ok: expected });
});

test.each<[string, FakeNetwork, object]>([
  ["no name server", { resolve: async () => "no-answer" }, { noData: "no-name-server" }],
  ["no name server, for want of a network", { resolve: async () => "no-answer", isConnected: false }, { noData: "no-connection" }],
  ["no route", { echo: { notSent: "no-route", detail: "connect: error 101" } }, { noData: "no-route" }],
  ["silence, for want of a network", { isConnected: false }, { noData: "no-connection" }],
  [
    "no right to send",
    { echo: { notSent: "not-permitted", detail: "socket: error 1" } },
    { failed: "COLLECT_PERMISSION_DENIED", detail: "no-packet-sent: socket: error 1" },
  ],
])("%s says nothing about the target", async (_, network, expected) => {
  expect((await measure(network)).answer).toEqual(expected as never);
});

test("an instance without a target asks what it is called, and without a name nobody", async () => {
  const names: string[] = [];
  const resolve: NetworkCalls["resolve"] = async (name) => (names.push(name), "not-found");
  await measure({ resolve }, {}, " router.example ");
  expect(names).toEqual(["router.example"]);
  expect((await measure({ resolve }, {})).answer).toEqual({ noData: "no-target" });
  expect(names.length).toBe(1);
});
