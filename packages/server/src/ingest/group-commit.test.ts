import { expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { testServices } from "@hauswart/testkit/seed.ts";
import type { Database } from "../database/database.ts";
import { silentLogger } from "../operation/log.ts";
import { CheckLayouts } from "./check-layout.ts";
import { compileChecks } from "./compiled-checks.ts";
import { DeviceMemory } from "./device-memory.ts";
import { GroupCommit } from "./group-commit.ts";
import { ingestMetrics } from "./ingest-metrics.ts";
import { takeInBatch } from "./take-in-batch.ts";
import { batchWithoutMessage } from "./taken-batch.ts";

test("numbers of a stream that was left while they were written acknowledge nothing of the new one", async () => {
  const written = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const ingest = () => {
    begun.resolve();
    return written.promise;
  };
  const services = testServices({ ingest } as unknown as Database);
  const identity = { providerId: newId(), customerId: newId(), siteId: newId(), deviceId: newId() };
  const device = new DeviceMemory(identity, 1, newId(), new CheckLayouts(compileChecks(new Map()), silentLogger).layoutOf([]));
  device.lastSequence = device.committedSequence = 500;
  device.awaitsNewStream = true;
  const heard: number[] = [];
  const committed = () => heard.push(device.committedSequence);
  const commits = new GroupCommit(services, ingestMetrics(services.metrics), { committed, forgotten: () => undefined });
  commits.add(batchWithoutMessage(device, Date.now()));
  await begun.promise;

  const batch = { type: "batch" as const, stream: newId(), sequence: 1, sentAt: Date.now(), samples: [] };
  const needs = { judgeFailed: () => undefined, calendarOf: () => undefined as never };
  const taken = takeInBatch(needs, device, { batch, text: JSON.stringify(batch), receivedAtMs: Date.now() });
  if (taken.kind !== "taken") throw new Error(taken.kind);
  expect(device.committedSequence).toBe(0);
  commits.add(taken.batch);
  written.resolve();
  await commits.drained();
  expect(heard).toEqual([0, 1]);
});
