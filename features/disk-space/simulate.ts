import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { diskSpace } from "./protocol.ts";

export default [
  simulatedCheck<typeof diskSpace>({
    check: "disk-space",
    version: 1,
    sample: (computer, atMs) => ({
      volumes: computer.volumes.map((volume, index) => ({
        mount: volume.name,
        device: `/dev/sda${index + 1}`,
        fileSystem: volume.fileSystem,
        state: "measured" as const,
        problem: "",
        expected: true,
        absentSince: null,
        totalBytes: volume.totalBytes,
        availableBytes: volume.availableBytes(atMs),
        availableInodesPercent: 92.4,
      })),
    }),
  }),
];
