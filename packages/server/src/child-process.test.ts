import { expect, test } from "bun:test";
import { keepRunning } from "./child-process.ts";

test("a program that dies is started again, one that is stopped stays away", async () => {
  const messages: unknown[] = [];
  const crashes: string[] = [];
  let seen: (() => void) | undefined;
  const twice = new Promise<void>((resolve) => (seen = resolve));
  const keeper = keepRunning({
    name: "sample",
    command: [process.execPath, "-e", "process.send('up'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50)"],
    onMessage(message) {
      messages.push(message);
      if (messages.length === 2) seen?.();
    },
    onCrash: (description) => crashes.push(description),
  });
  await twice;
  await keeper.stop();
  const count = messages.length;
  expect(messages.slice(0, 2)).toEqual(["up", "up"]);
  expect(crashes[0]).toContain("SIGKILL");
  expect(keeper.processId).toBeUndefined();
  await Bun.sleep(600);
  expect(messages.length).toBe(count);
});

test("a program that is not wanted any more is left alone when it ends, without a word", async () => {
  const messages: unknown[] = [];
  const crashes: string[] = [];
  let asked: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => (asked = resolve));
  const keeper = keepRunning({
    name: "guest",
    command: [process.execPath, "-e", "process.send('up')"],
    onMessage: (message) => messages.push(message),
    isWanted: () => (asked?.(), false),
    onCrash: (description) => crashes.push(description),
  });
  await ended;
  await Bun.sleep(600);
  expect([messages, crashes, keeper.processId]).toEqual([["up"], [], undefined]);
  await keeper.stop();
});

test("a program that ignores the request to end is killed", async () => {
  let ready: (() => void) | undefined;
  const up = new Promise<void>((resolve) => (ready = resolve));
  const keeper = keepRunning({
    name: "stubborn",
    command: [process.execPath, "-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send('up')"],
    onMessage: () => ready?.(),
  });
  await up;
  await keeper.stop(100);
  expect(keeper.processId).toBeUndefined();
});
