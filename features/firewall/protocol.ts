/**
 * The computer's own firewall.
 *
 * 1: 2026-11-22 first version.
 */
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const firewall = defineCheck({
  id: "firewall",
  topic: "security",
  version: 1,
  description: "Whether the computer's own firewall filters what comes in, per profile where it has several.",
  promises: [],
  cycle: { everyMinutes: 60 },
  failuresBeforeFinding: 1,
  sample: z.object({
    profiles: list({
      name: subject("The profile: domain, private, public on Windows; system elsewhere."),
      state: fact.oneOf(
        ["on", "open", "off", "other-product", "not-told"],
        "on: what is not allowed does not come in; open: it runs, and lets everything in; other-product: a firewall of another maker has taken over; not-told: the system does not say.",
      ),
      program: fact.text("What filters: Windows Defender Firewall, ufw, firewalld, nftables, iptables, ALF; empty where nothing does."),
      detail: fact.text("Why it is not known, or which rules let everything in; empty when there is nothing to say."),
      onByItself: fact.flag("Whether the system switches it on by itself, so that somebody must have switched it off."),
      byPolicy: fact.flag("Whether a group policy or a management profile decides it."),
    }),
  }),
  selection: z.object({}),
  judgement: z.object({
    require: setting.oneOf(
      ["where-on-by-itself", "everywhere", "nowhere"],
      "where-on-by-itself",
      "Where a firewall that is off is a finding: where the system switches it on by itself (Windows), on every computer, or nowhere.",
    ),
  }),
  findings: {
    off: { description: "The computer's firewall is off, or lets everything in.", raises: ["failure"] },
  },
  onByDefault: true,
});

export default [firewall];
