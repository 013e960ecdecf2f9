/**
 * The same as `alarm`, with every rule of routing in force: recipients by topic and of several customers, a Teams workflow and an ntfy
 * topic on loopback, a recipient with quiet hours, a rota and an escalation plan for warnings and failures. What is measured is
 * again the time from the sample on its way to the first mail about it at a real SMTP server. Then twenty sites lose their connection at
 * once (support/site-storm.ts), and what was raised is held against a replay. Afterwards a month of a thousand devices goes through
 * the same judges once more, as the time machine does it before a rule is saved (replay.ts).
 */
import type { Client } from "@hauswart/protocol/api/client.ts";
import { measureAlarms } from "./alarm.ts";
import { rounded, type Benchmark } from "./support/benchmark.ts";
import { fullReplay, replaySeconds } from "./support/replay-seconds.ts";
import { measureSiteStorm } from "./support/site-storm.ts";

/** @param hooks address of an HTTP server that plays Teams and ntfy */
async function makeRules(api: Client, hooks: string): Promise<void> {
  const { account } = await api("getSession");
  if (!account) throw new Error("The owner has no account.");
  // The house reads its alarms in a common mailbox; the owner, who was told of them until now, is on call.
  const { items } = await api("listRecipients", { query: {} });
  for (const { recipientId } of items) await api("deleteRecipient", { params: { recipientId } });
  await api("createRecipient", { body: { address: "service@bench.example" } });
  await api("createRecipient", { body: { channel: "teams", address: `${hooks}/workflow` } });
  await api("createRecipient", { body: { channel: "ntfy", address: `${hooks}/alarms` } });
  await api("createRecipient", { body: { address: "disks@bench.example", topics: ["disks", "backup"] } });
  await api("createRecipient", { body: { address: "quiet@bench.example", quiet: true, quietExcept: null } });
  const { rotaId } = await api("createRota", {
    body: {
      name: "On call",
      timeZone: "Europe/Berlin",
      layers: [
        {
          name: "First line",
          hours: "always",
          startsOn: "2026-01-05",
          handover: { weekday: 1, time: "08:00" },
          everyWeeks: 1,
          accountIds: [account.accountId],
        },
      ],
    },
  });
  await api("createEscalationPlan", {
    body: {
      customerId: null,
      name: "All",
      fromSeverity: "warning",
      topics: null,
      hours: "always",
      repeats: 1,
      steps: [
        { afterMinutes: 0, to: { kind: "rota", rotaId, layer: 0 } },
        { afterMinutes: 15, to: { kind: "owners" } },
      ],
    },
  });
}

export default {
  description:
    "From a sample on its way to the mail at a mail server, with every rule of routing in force; twenty sites offline at once; and the replay of a rule before it is saved.",
  measures: {
    mailP99Ms: { reaches: "≤ 300" },
    stormMails: { reaches: "≤ 25" },
    stormFirstSeconds: { reaches: "≤ 150" },
    stormDoubled: { reaches: "0" },
    replayDiffers: { reaches: "0" },
    replaySeconds: { reaches: "≤ 20" },
  },
  async run(options) {
    const hooks = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("1", { status: 202 }) });
    try {
      const prepare = (api: Client) => makeRules(api, `http://127.0.0.1:${hooks.port}`);
      const { mailP99Ms } = await measureAlarms(options, prepare);
      const storm = await measureSiteStorm(options, prepare);
      const { seconds } = await replaySeconds(options.quick ? { ...fullReplay, devices: 40, days: 3, lived: 2 } : fullReplay, options.say);
      return { mailP99Ms, ...storm, replaySeconds: rounded(seconds) };
    } finally {
      await hooks.stop(true);
    }
  },
} satisfies Benchmark;
