import { collector, type CollectContext } from "@hauswart/agent/collector.ts";
import type { NoDataCodeOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { alarmDrill } from "../protocol.ts";

type Check = typeof alarmDrill;

/** Nothing is looked at: that the drill's name comes back is the proof that orders and samples travel. */
function collect({ selection: { drillId } }: CollectContext<Check>): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  return Promise.resolve(drillId === "" ? { noData: "no-drill" } : { ok: { drillId } });
}

export default [collector<Check>({ check: "alarm-drill", version: 1, collect })];
