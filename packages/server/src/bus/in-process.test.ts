import { describeBus } from "@hauswart/testkit/bus-contract.ts";
import { silentLogger } from "../operation/log.ts";
import { inProcessBus } from "./in-process.ts";

describeBus("the bus of one process", async () => {
  let failures = 0;
  const bus = inProcessBus({ ...silentLogger, error: () => void failures++ });
  return {
    sender: bus,
    receiver: bus,
    settle: () => new Promise((resolve) => setTimeout(resolve, 0)),
    failures: () => failures,
    close: async () => undefined,
  };
});
