import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { failedLogins } from "./protocol.ts";

/** People mistype now and then; servers more often, because more people sign in there. */
export default [
  simulatedCheck<typeof failedLogins>({
    check: "failed-logins",
    version: 2,
    sample(computer, atMs) {
      const hour = Math.floor(atMs / 3_600_000);
      const failures = (computer.seed + hour * 7) % (computer.role === "server" ? 9 : 40) === 0 ? 2 : 0;
      const lastAt = hour * 3_600_000;
      return {
        failedCount: 0,
        windowCount: failures,
        windowMinuteCount: 60,
        unreadCount: 0,
        problem: "",
        unmeasured: "nothing" as const,
        accounts:
          failures === 0
            ? []
            : [
                {
                  account: "m.weber",
                  windowCount: failures,
                  sourceCount: 1,
                  lastAt,
                  lastSource: "",
                  service: "login",
                  succeededAt: null,
                  succeededFrom: "",
                  failuresBeforeCount: 0,
                  lockedAt: null,
                },
              ],
        sources: [],
      };
    },
  }),
];
