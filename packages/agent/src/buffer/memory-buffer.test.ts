import { describe, expect, test } from "bun:test";
import { ServerModel } from "../testing/server-model.ts";
import { MemoryBuffer } from "./memory-buffer.ts";

const sample = (id: number) => JSON.stringify({ id });

describe("MemoryBuffer", () => {
  test("sends in order, once, whatever is lost on the way", () => {
    const buffer = new MemoryBuffer();
    const server = new ServerModel();
    let id = 0;
    for (let round = 0; round < 200; round++) {
      if (round % 3 !== 0) buffer.append([sample(++id), sample(++id)]);
      if (round % 5 === 0) server.connect(buffer);
      for (let count = 0; count < round % 4; count++) {
        const batch = buffer.next();
        if (!batch) break;
        server.receive(buffer.stream, batch);
        if (round % 2 === 0) buffer.acknowledge(batch.sequence);
      }
    }
    server.connect(buffer);
    for (let batch = buffer.next(); batch; batch = buffer.next()) server.receive(buffer.stream, batch);
    expect(server.stored.map(Number)).toEqual(Array.from({ length: id }, (_, index) => index + 1));
  });

  test("gives up the oldest that were not sent, and leaves no gap", () => {
    const buffer = new MemoryBuffer(5);
    const server = new ServerModel();
    buffer.append([sample(1)]);
    server.connect(buffer);
    server.receive(buffer.stream, buffer.next()!);
    for (let id = 2; id <= 20; id++) buffer.append([sample(id)]);
    expect(buffer.droppedSamples).toBe(15);
    for (let batch = buffer.next(); batch; batch = buffer.next()) server.receive(buffer.stream, batch);
    expect(server.stored).toEqual(["1", "17", "18", "19", "20"]);
  });

  test("a new stream numbers what is left from 1", () => {
    const buffer = new MemoryBuffer();
    for (let id = 1; id <= 3; id++) buffer.append([sample(id)]);
    buffer.rewind(0);
    buffer.next();
    buffer.acknowledge(1);
    const before = buffer.stream;
    buffer.startNewStream();
    expect(buffer.stream).not.toBe(before);
    const server = new ServerModel();
    server.connect(buffer);
    for (let batch = buffer.next(); batch; batch = buffer.next()) server.receive(buffer.stream, batch);
    expect(server.stored).toEqual(["2", "3"]);
  });
});
