import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { thisSystem } from "@hauswart/agent/os/system.ts";
import { makeLoopVolume } from "@hauswart/testkit/loop-volume.ts";
import { whyNoLoopVolume, testNeeding } from "@hauswart/testkit/needs.ts";
import { diskSpace } from "../protocol.ts";
import { judge } from "../server/judge.ts";
import collectors from "./index.ts";

testNeeding(whyNoLoopVolume())(
  "a volume that fills up is low, freed it is well, unmounted it is unknown and in the end forgotten",
  async () => {
    const { os, name: system } = await thisSystem();
    const volume = await makeLoopVolume();
    const memory: Memory = { values: new Map(), kept: {} };
    let nowMs = Date.UTC(2026, 10, 21);
    const state = async () => {
      const selection = diskSpace.selection.parse({ include: ["/", volume.mountPoint] });
      const answer = await collectors[0]!.collect(
        { system, selection, instance: "", os, signal: AbortSignal.timeout(10_000), now: () => nowMs },
        memory,
      );
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      const row = answer.ok.volumes.find(({ mount }) => mount === volume.mountPoint);
      const verdicts = judge({ sample: answer.ok, settings: diskSpace.judgement.parse({}), past: { points: () => [] }, at: nowMs });
      return { row, low: verdicts.find(({ code, subject }) => code === "low-space" && subject === volume.mountPoint)?.state };
    };

    try {
      const { row, low } = await state();
      const size = await volume.size();
      expect(row).toMatchObject({
        fileSystem: "ext4",
        state: "measured",
        expected: false,
        totalBytes: size.totalBytes,
        availableBytes: size.availableBytes,
      });
      expect(low).toBe("ok");
      await volume.fill(size.totalBytes * 0.07);
      expect((await state()).low).toBe("warning");
      await volume.fill();
      expect((await state()).low).toBe("failure");
      await volume.free();
      expect((await state()).low).toBe("ok");
    } finally {
      await volume[Symbol.asyncDispose]();
    }
    expect(await state()).toMatchObject({ row: { state: "absent", absentSince: nowMs, availableBytes: null }, low: "unknown" });
    nowMs += 8 * 86_400_000;
    expect(await state()).toEqual({ row: undefined, low: undefined });
  },
  60_000,
);
