/** How long the threshold time machine takes for a month of a thousand devices: see support/replay-seconds.ts. */
import { rounded, type Benchmark } from "./support/benchmark.ts";
import { fullReplay, replaySeconds } from "./support/replay-seconds.ts";

export default {
  description: "Seconds to replay a draft of a policy over 8.64 million stored samples.",
  measures: { replaySeconds: { reaches: "≤ 20" } },
  async run({ quick, say }) {
    const { seconds } = await replaySeconds(quick ? { ...fullReplay, devices: 40, days: 3, lived: 2 } : fullReplay, say);
    return { replaySeconds: rounded(seconds) };
  },
} satisfies Benchmark;
