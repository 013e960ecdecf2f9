/** How found devices are judged; README.md says it in words. */
import type { CodeOf, Judge, Verdict } from "@hauswart/protocol/check.ts";
import type { snmpDiscovery } from "../protocol.ts";

const dayMs = 86_400_000;

export const judge: Judge<typeof snmpDiscovery> = ({ sample, settings, at }) => {
  const { networks, searchedCount, devicesCount, isPartial } = sample;
  const about = { networks, searchedCount, devicesCount, isPartial };
  const code: CodeOf<typeof snmpDiscovery> = "new-device";
  // Of the addresses that were not asked nothing is known; and where nobody answers, the access data may be wrong.
  const search: Verdict<typeof code> = {
    code,
    subject: "",
    state: isPartial || devicesCount === 0 ? "unknown" : "ok",
    evidence: about,
    ...(devicesCount === 0 && { hides: "all" }),
  };
  return [
    search,
    ...sample.devices.map(({ address, kind, name, description, place, firstSeenAt }): Verdict<typeof code> => {
      const isNew = firstSeenAt !== null && at - firstSeenAt < settings.reportNewDays * dayMs;
      return {
        code,
        subject: address,
        state: isNew ? "warning" : "ok",
        evidence: { kind, name, description, place, firstSeenAtMs: firstSeenAt },
      };
    }),
  ];
};
