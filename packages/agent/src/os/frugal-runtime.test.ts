import { expect, test } from "bun:test";
import { environmentForNativeCalls } from "./frugal-runtime.ts";

test("an agent that begins anew with native calls keeps its environment, and of the runtime's settings those that allow them", () => {
  const environment = {
    HTTPS_PROXY: "http://proxy:3128",
    HAUSWART_AGENT_WATCHDOG_LINE: "1",
    BUN_JSC_useJIT: "0",
    BUN_GC_TIMER_DISABLE: "1",
    UNSET: undefined,
  };
  expect(environmentForNativeCalls(environment)).toEqual({
    HTTPS_PROXY: "http://proxy:3128",
    HAUSWART_AGENT_WATCHDOG_LINE: "1",
    BUN_JSC_useBaselineJIT: "0",
    BUN_JSC_useRegExpJIT: "0",
    BUN_GC_TIMER_DISABLE: "1",
    HAUSWART_AGENT_SETTLED: "1",
  });
});
