/** Attempts on who is told what: recipients, rotas, escalation, links, browsers. */
import { newId } from "@hauswart/protocol/ids.ts";
import type { Attempt, Targets } from "./attempts.ts";

const window = { from: "2026-03-02T00:00:00Z", until: "2026-03-03T00:00:00Z" };
const layers = [
  { name: "x", hours: "always", startsOn: "2026-03-02", handover: { weekday: 1, time: "08:00" }, everyWeeks: 1, accountIds: [newId()] },
];
const rota = { name: "spy", timeZone: "Europe/Berlin", layers };
const steps = [{ afterMinutes: 0, to: { kind: "owners" } }];
const plan = (customerId: string | null) => ({
  customerId,
  name: "spy",
  fromSeverity: "warning",
  topics: null,
  hours: "always",
  steps,
  repeats: 0,
});
const noSuchLink = [{ body: { token: "x" }, expect: "LINK_INVALID" }] as const;

export function onRouting({ own, foreign, provider }: Targets) {
  const { customerId, siteId, deviceId } = foreign;
  const strangers = [foreign, provider].map(({ recipientId }) => ({ recipientId }));
  return {
    listRecipients: [{ expect: "harmless" }, { query: { customerId }, expect: "harmless" }],
    getRecipient: strangers.map((params) => ({ params, expect: "NOT_FOUND" })),
    createRecipient: [
      { body: { address: "spy@hauswart.test" }, expect: "FORBIDDEN" },
      { body: { customerId, address: "spy@hauswart.test" }, expect: "NOT_FOUND" },
      { body: { siteId, address: "spy@hauswart.test" }, expect: "NOT_FOUND" },
      { body: { customerId: own.customerId, siteId, address: "spy@hauswart.test" }, expect: "NOT_FOUND" },
    ],
    changeRecipient: strangers.map((params) => ({ params, body: { recoveries: false, revision: 1 }, expect: "NOT_FOUND" })),
    deleteRecipient: strangers.map((params) => ({ params, expect: "NOT_FOUND" })),
    testRecipient: strangers.map((params) => ({ params, expect: "NOT_FOUND" })),
    previewRouting: [
      { query: { customerId, check: "device", severity: "failure" }, expect: "NOT_FOUND" },
      { query: { siteId, check: "device", severity: "failure" }, expect: "NOT_FOUND" },
      { query: { deviceId, check: "device", severity: "failure" }, expect: "NOT_FOUND" },
      { query: { check: "device", severity: "failure" }, expect: "harmless" },
    ],
    listRotas: [{ expect: "harmless" }],
    createRota: [{ body: rota, expect: "FORBIDDEN" }],
    changeRota: [{ params: { rotaId: newId() }, body: { ...rota, revision: 1 }, expect: "FORBIDDEN" }],
    deleteRota: [{ params: { rotaId: newId() }, expect: "FORBIDDEN" }],
    getRotaCalendar: [{ params: { rotaId: newId() }, query: window, expect: "NOT_FOUND" }],
    createRotaOverride: [{ params: { rotaId: newId() }, body: { layer: 0, accountId: newId(), ...window }, expect: "FORBIDDEN" }],
    deleteRotaOverride: [{ params: { overrideId: newId() }, expect: "FORBIDDEN" }],
    getOnCall: [{ expect: "harmless" }],
    listEscalationPlans: [{ expect: "harmless" }],
    createEscalationPlan: [
      { body: plan(null), expect: "FORBIDDEN" },
      { body: plan(customerId), expect: "NOT_FOUND" },
    ],
    changeEscalationPlan: [{ params: { planId: newId() }, body: { ...plan(own.customerId), revision: 1 }, expect: "NOT_FOUND" }],
    deleteEscalationPlan: [{ params: { planId: newId() }, expect: "NOT_FOUND" }],
    getAcknowledgement: noSuchLink,
    acknowledgeByLink: noSuchLink,
    getDigest: noSuchLink,
    endDigest: noSuchLink,
    getPushKey: [{ expect: "FORBIDDEN", byPerson: "harmless" }],
    listPushSubscriptions: [{ expect: "FORBIDDEN", byPerson: "harmless" }],
    createPushSubscription: [
      {
        // A browser that is registered anew belongs to whoever registers it; so each attempt is a browser of its own.
        body: { endpoint: `https://push.example/${newId()}`, p256dh: "x".repeat(87), auth: "x".repeat(22), deviceName: "spy" },
        expect: "FORBIDDEN",
        byPerson: "harmless",
      },
    ],
    deletePushSubscription: [{ params: { pushSubscriptionId: newId() }, expect: "FORBIDDEN", byPerson: "NOT_FOUND" }],
  } satisfies Record<string, readonly Attempt[]>;
}
