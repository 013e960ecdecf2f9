import { expect, test } from "bun:test";
import checks from "./registry/protocol.ts";
import simulated from "./registry/simulator.ts";
import { simulateComputer } from "@hauswart/simulator/computer.ts";
import { stories } from "@hauswart/simulator/stories/index.ts";

const startMs = Date.UTC(2026, 5, 1, 9);

for (const check of checks) {
  test(`simulated samples of ${check.id} fit the check's schema, in every story`, () => {
    const found = simulated.find((candidate) => candidate.check === check.id);
    expect(found?.version).toBe(check.version);
    for (const story of stories.values()) {
      const computers = Array.from({ length: 40 }, (_, index) => simulateComputer(index, 1, startMs));
      story.tell(computers, startMs);
      for (const computer of computers) {
        for (const minutes of [0, 1, 7, 60, 1_440]) check.sample.parse(found!.sample(computer, startMs + minutes * 60_000));
      }
    }
  });
}

test("a computer is the same again for the same seed", () => {
  const [first, second] = [simulateComputer(7, 3, startMs), simulateComputer(7, 3, startMs)];
  expect(first.hostname).toBe(second.hostname);
  expect(first.volumes[0]!.availableBytes(startMs)).toBe(second.volumes[0]!.availableBytes(startMs));
  expect(simulateComputer(8, 3, startMs).seed).not.toBe(first.seed);
});
