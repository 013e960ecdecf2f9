/** The buffer on a real volume that is full to the brim. */
import { expect } from "bun:test";
import { join } from "node:path";
import { makeLoopVolume } from "@hauswart/testkit/loop-volume.ts";
import { testNeeding, whyNoLoopVolume } from "@hauswart/testkit/needs.ts";
import { createLog } from "../log.ts";
import { ServerModel } from "../testing/server-model.ts";
import { DiskBuffer } from "./disk-buffer.ts";
import { diskFiles } from "./files.ts";

const volumeTest = testNeeding(whyNoLoopVolume());

volumeTest("on a full disk samples are sent from memory, an agent that starts then works, and later all is written again", async () => {
  await using volume = await makeLoopVolume({ sizeBytes: 16 * 1024 * 1024 });
  const lines: string[] = [];
  const open = () => new DiskBuffer({ files: diskFiles(join(volume.mountPoint, "buffer")), log: createLog((line) => lines.push(line)) });
  const server = new ServerModel();
  const sample = (id: number) => JSON.stringify({ id, text: "x".repeat(20_000) });
  const sendSome = (buffer: DiskBuffer, count: number) => {
    for (let sent = 0; sent < count; sent++) {
      const batch = buffer.next();
      if (!batch) return;
      server.receive(buffer.stream, batch);
      buffer.acknowledge(batch.sequence);
    }
  };

  let buffer = open();
  server.connect(buffer);
  buffer.append([sample(1)]);
  await volume.fill();
  for (let id = 2; id <= 10; id++) buffer.append([sample(id)]);
  expect(buffer.status()).toMatchObject({ mode: "memory", problem: expect.stringContaining("ENOSPC") });
  sendSome(buffer, 4);
  expect(server.stored).toEqual(["1", "2", "3", "4"]);

  // Killed here: what waited in memory is gone, which is said; numbers that were used are used.
  buffer = open();
  expect(buffer.droppedSamples).toBeGreaterThan(0);
  server.connect(buffer);
  buffer.append([sample(11)]);
  sendSome(buffer, 9);
  expect(server.stored.at(-1)).toBe("11");

  buffer.append([sample(12)]);
  await volume.free();
  buffer.append([sample(13)]);
  expect(buffer.status().mode).toBe("disk");
  buffer.close();
  buffer = open();
  server.connect(buffer);
  sendSome(buffer, 9);
  expect(server.stored).toEqual(["1", "2", "3", "4", "11", "12", "13"]);
  expect(lines.join("\n")).toContain("buffer writes to the disk again");
  buffer.close();
});
