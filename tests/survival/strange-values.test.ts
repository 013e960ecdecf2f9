/** Values that fit their schema and are absurd all the same: a clock in 2099, NUL characters, half characters. */
import { describe, expect, test } from "bun:test";
import type { Batch } from "@hauswart/protocol/wire/messages.ts";
import { describe as describeComputer, enrolComputer } from "@hauswart/simulator/enrol.ts";
import { patienceMs, testLimitMs, until } from "@hauswart/testkit/until.ts";
import type { z } from "zod/mini";
import { besiegedHouse } from "./support/besieged-house.ts";
import { storedBatches } from "./support/ledger.ts";
import { WireAgent } from "./support/wire-agent.ts";

type Sample = z.infer<typeof Batch>["samples"][number];

const siege = besiegedHouse();

const year2099 = Date.UTC(2099, 11, 31, 23, 59, 59);
/** The last moment that a date can hold. */
const endOfTime = 8.64e15;

describe("a clock in 2099", () => {
  test(
    "harms nobody else's commit; its own measurements are stored under today, with a finding",
    async () => {
      const own = await siege.speaker();
      const { deviceId } = own.device;
      using agent = await WireAgent.introduced(siege.house, own, { agentTime: year2099 });
      for (let sequence = 1; sequence <= 5; sequence++) {
        siege.bystanders.measure();
        agent.send(agent.batch(sequence, { sentAt: year2099 + sequence, samples: agent.samples(year2099 + sequence) }));
      }
      await agent.acknowledged(5);
      expect(await storedBatches(siege.house, deviceId)).toHaveLength(5);
      expect(await siege.house.openFinding(deviceId, "clock-wrong")).toMatchObject({ severity: "warning" });
      const { items } = await siege.house.api("listDeviceChecks", { params: { deviceId }, query: { limit: 200 } });
      const evidence = items.flatMap(({ evidenceAt }) => (evidenceAt === null ? [] : [Date.parse(evidenceAt)]));
      expect(evidence.length).toBeGreaterThan(3);
      for (const atMs of evidence) expect(Math.abs(Date.now() - atMs)).toBeLessThan(patienceMs);
    },
    testLimitMs,
  );

  test(
    "set right again: the finding closes, and what is measured counts",
    async () => {
      const own = await siege.speaker();
      const { deviceId } = own.device;
      using wrong = await WireAgent.introduced(siege.house, own, { agentTime: year2099 });
      wrong.send(wrong.batch(1, { sentAt: year2099, samples: wrong.samples(year2099) }));
      await wrong.acknowledged(1);
      await siege.house.openFinding(deviceId, "clock-wrong");
      wrong[Symbol.dispose]();
      using right = await WireAgent.introduced(siege.house, own, { stream: wrong.stream, highestSequence: 1, acknowledgedSequence: 1 });
      right.send(right.batch(2));
      await right.acknowledged(2);
      await until("the finding to close", async () =>
        (await siege.house.findings(deviceId, "clock-wrong")).every(({ state }) => state === "closed"),
      );
    },
    testLimitMs,
  );

  for (const [name, atMs] of [
    ["the end of time", endOfTime],
    ["1970", 0],
  ] as const) {
    test(
      `single samples from ${name} are stored under a time that can be`,
      async () => {
        const own = await siege.speaker();
        using agent = await WireAgent.introduced(siege.house, own);
        siege.bystanders.measure();
        agent.send(agent.batch(1, { samples: agent.samples(atMs) }));
        agent.send(agent.batch(2, { sentAt: atMs, samples: agent.samples(atMs) }));
        agent.send(agent.batch(3));
        await agent.acknowledged(3);
        expect((await storedBatches(siege.house, own.device.deviceId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
      },
      testLimitMs,
    );
  }

  test(
    "a computer that says it was started at the end of time enrols and reports",
    async () => {
      const { computers, devices } = await siege.house.enrol(1, (computer) => (computer.bootedAtMs = () => endOfTime));
      using agent = await WireAgent.introduced(siege.house, { computer: computers[0]!, device: devices[0]! });
      agent.send(agent.batch(1));
      await agent.acknowledged(1);
    },
    testLimitMs,
  );
});

/** Puts the text in place of every text of a sample, also where the text is a name. */
function withTexts(value: unknown, text: string): unknown {
  if (typeof value === "string") return value + text;
  if (Array.isArray(value)) return value.map((inner) => withTexts(inner, text));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTexts(inner, text)]));
}

const unstorable = {
  "a NUL": "\0",
  "half a surrogate pair": "\uD83D",
  "all control characters": String.fromCharCode(...Array.from({ length: 32 }, (_, code) => code)),
};

for (const [name, text] of Object.entries(unstorable)) {
  describe(name, () => {
    test(
      "in every text of every sample: acknowledged, kept visibly, harming nobody's commit",
      async () => {
        const own = await siege.speaker();
        using agent = await WireAgent.introduced(siege.house, own);
        const samples = (agent.samples() as Sample[]).map((sample) => ({ ...sample, ok: withTexts(sample.ok, text) }));
        const notes: Sample[] = agent.instances.map(({ number, selectionVersion }) => ({
          check: number,
          at: Date.now(),
          selectionVersion,
          tookMs: 1,
          noData: `nothing${text}`,
        }));
        const failures = notes.map(({ noData, ...rest }) => ({ ...rest, failed: "COLLECT_UNREADABLE", detail: noData }));
        siege.bystanders.measure();
        for (const [at, batch] of [samples, notes, failures].entries()) agent.send(agent.batch(at + 1, { samples: batch }));
        siege.bystanders.measure();
        agent.send(agent.batch(4));
        await agent.acknowledged(4);
        const stored = await storedBatches(siege.house, own.device.deviceId);
        expect(stored.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
        const { items } = await siege.house.api("listDeviceChecks", {
          params: { deviceId: own.device.deviceId },
          query: { limit: 200 },
        });
        expect(items.length).toBe(agent.instances.length);
      },
      testLimitMs,
    );

    test(
      "in names of a sample",
      async () => {
        const own = await siege.speaker();
        using agent = await WireAgent.introduced(siege.house, own);
        const { number } = agent.instances[0]!;
        agent.send(
          agent.batch(1, {
            samples: [{ check: number, at: Date.now(), selectionVersion: 0, tookMs: 1, ok: { [`name${text}`]: text, "": null } }],
          }),
        );
        agent.send(agent.batch(2));
        await agent.acknowledged(2);
        expect((await storedBatches(siege.house, own.device.deviceId)).map(({ sequence }) => sequence)).toContain(2);
      },
      testLimitMs,
    );

    test(
      "in a host name, at hello and at enrolment",
      async () => {
        const own = await siege.speaker();
        using agent = await WireAgent.introduced(siege.house, own, {
          computer: { ...describeComputer(own.computer), hostname: `PC${text}1`, systemName: text, systemVersion: text, architecture: "x" },
        });
        agent.send(agent.batch(1));
        await agent.acknowledged(1);
        const { hostname } = await siege.house.api("getDevice", { params: { deviceId: own.device.deviceId } });
        expect(hostname).toStartWith("PC");
        expect(hostname).not.toContain("\0");

        const strange = { ...own.computer, seed: own.computer.seed + 5_000_000, hostname: `PC${text}2`, systemName: text };
        const answer = await enrolComputer({ url: siege.house.server.url }, strange, await siege.house.enrolmentToken()).catch(
          (error: Error) => error.message,
        );
        // Either it is taken in with a name that can be stored, or it is refused as what it is; a broken server would be neither.
        if (typeof answer === "string") expect(answer).toContain("INVALID_REQUEST");
        else expect((await siege.house.api("getDevice", { params: { deviceId: answer.deviceId } })).hostname).toStartWith("PC");
      },
      testLimitMs,
    );

    test(
      "in what is sent to the API",
      async () => {
        const escaped = JSON.stringify(text).slice(1, -1);
        const requests: [method: string, path: string, body?: string][] = [
          ["POST", "/customers", `{"name":"Bäckerei ${escaped}"}`],
          ["POST", "/customers", `{"name":"x","${escaped}":1}`],
          ["POST", "/sessions", `{"email":"a${escaped}@example.com","password":"b${escaped}"}`],
          [
            "POST",
            "/policies",
            `{"name":"p","checks":[{"check":"disk-space","instance":"${escaped}","settings":{"${escaped}":"${escaped}"}}],"assignments":[]}`,
          ],
          ["PATCH", `/customers/${siege.house.customerId}`, `{"name":"${escaped}"}`],
          ["GET", "/findings?check=%00"],
          ["GET", "/devices?search=%ED%A0%BD"],
          ["GET", "/devices/%00"],
          ["GET", "/outbox?cursor=AAAA"],
        ];
        for (const [method, path, body] of requests) {
          const response = await fetch(`${siege.house.server.url}/api/v1${path}`, {
            method,
            headers: { "content-type": "application/json", authorization: `Bearer ${siege.house.token}` },
            ...(body === undefined ? {} : { body }),
          });
          const { status } = response;
          expect([method, path, body, status < 500]).toEqual([method, path, body, true]);
          await response.body?.cancel();
        }
      },
      testLimitMs,
    );
  });
}
