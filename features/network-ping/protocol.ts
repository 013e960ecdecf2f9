/**
 * Whether a computer or device answers over the network.
 *
 * 1: 2026-11-22 first version.
 */
import { addressFamily } from "@hauswart/protocol/address-family.ts";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, series, setting } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const networkPing = defineCheck({
  id: "network-ping",
  topic: "network",
  version: 1,
  description: "Whether a device answers over the network, how quickly, and how much gets lost on the way.",
  promises: ["MON-8"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 2,
  sample: z.object({
    target: fact.text("The name or address that was asked."),
    address: fact.text("The address that its name led to; empty when it led to none."),
    family: fact.oneOf(["ipv4", "ipv6", "none"], "Kind of the address."),
    outcome: fact.oneOf(
      ["answered", "no-answer", "reported-unreachable", "name-unknown"],
      "What came of it: at least one answer; none; none, and a router or this computer says that the target cannot be reached; or there is no such name.",
    ),
    sentCount: series.count("Packets that were sent."),
    receivedCount: series.count("Packets that were answered."),
    lossPercent: series.percent("Share of the packets that were not answered."),
    roundTripMeanMs: series.number("Mean time until the answer, in milliseconds; null without answers.").nullable(),
    roundTripMinMs: series.number("Shortest time until the answer, in milliseconds; null without answers.").nullable(),
    roundTripMaxMs: series.number("Longest time until the answer, in milliseconds; null without answers.").nullable(),
  }),
  selection: z.object({
    target: setting.text("", "Name or address to ask; empty: the name of this instance.", 253),
    family: addressFamily,
    packets: setting.count(5, "So many packets are sent each time, from 1 on.", 20),
    answerWithinMs: setting.milliseconds(1_000, "An answer that takes longer counts as lost.", 5_000),
  }),
  judgement: z.object({
    lossWarningPercent: setting.percent(20, "Warning when a larger share of the packets is lost; 100 = never."),
    lossFailurePercent: setting.percent(60, "Failure when a larger share of the packets is lost; 100 = only when all are."),
    slowWarningMs: setting.milliseconds(0, "Warning when the mean time until the answer is longer; 0 = never."),
  }),
  findings: {
    unreachable: { description: "No packet was answered.", raises: ["failure"] },
    "packet-loss": { description: "Some packets were not answered.", raises: ["warning", "failure"] },
    slow: { description: "Answers take long.", raises: ["warning"] },
  },
  noData: ["no-target", "no-connection", "no-name-server", "no-route"],
  onByDefault: false,
});

export default [networkPing];
