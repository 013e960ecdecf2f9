/** Findings. */
import { z } from "zod";
import { Id } from "../../ids.ts";
import { LinkToken } from "../link-token.ts";
import { AlarmVerdict, FindingVerdict, LinkVerdict, NoiseQuery, NoiseReport, VerdictOffer } from "../noise.ts";
import * as m from "../models.ts";
import { page, PageQuery, route } from "../route.ts";

const findingId = z.object({ findingId: Id });

export const findingsRoutes = {
  listFindings: route({
    name: "listFindings",
    csv: true,
    method: "GET",
    path: "/findings",
    scope: "findings:read",
    summary: "Findings, newest first or by incident.",
    query: PageQuery.extend({
      state: z
        .enum(["open", "acknowledged", "closed", "current", "all"])
        .default("current")
        .describe("current: open and acknowledged. all: closed ones too."),
      customerId: Id.optional(),
      deviceId: Id.optional(),
      severity: m.Severity.optional(),
      check: z.string().max(64).optional(),
      changedSince: m.Timestamp.optional().describe("Opened, changed or closed since then."),
      hold: z
        .enum(["none", "maintenance", "cause"])
        .optional()
        .describe(
          "none: somebody was or will be told. maintenance, cause: nobody was, because of a maintenance window or of what explains it.",
        ),
      drills: z
        .enum(["with", "without"])
        .optional()
        .describe("without: as everything that counts findings has it. Else alarm drills stand in the list, marked."),
      maintenanceWindowId: Id.optional().describe("Held back by this window."),
      incidentId: Id.optional(),
      acknowledgedUntil: m.Timestamp.optional().describe("Only those whose acknowledgement ends by then."),
      order: z
        .enum(["newest", "incident"])
        .default("newest")
        .describe(
          "incident: what one cause explains stands together, the cause first, and so do all findings of a device; the newest first.",
        ),
    }),
    response: page(m.Finding),
  }),
  getFinding: route({
    name: "getFinding",
    method: "GET",
    path: "/findings/{findingId}",
    scope: "findings:read",
    summary: "One finding with its history.",
    params: findingId,
    response: m.Finding.extend({ events: z.array(m.FindingEvent) }),
  }),
  getFindingVerdict: route({
    name: "getFindingVerdict",
    method: "GET",
    path: "/findings/{findingId}/verdict",
    scope: "findings:read",
    summary: "Whether it was right to tell of a finding, as somebody has said.",
    params: findingId,
    response: FindingVerdict,
  }),
  judgeFinding: route({
    name: "judgeFinding",
    method: "PUT",
    path: "/findings/{findingId}/verdict",
    scope: "findings:write",
    summary: "Says whether it was right to tell of a finding; null takes it back.",
    params: findingId,
    body: z.object({ verdict: AlarmVerdict.nullable() }),
    response: FindingVerdict,
  }),
  getVerdictOffer: route({
    name: "getVerdictOffer",
    method: "POST",
    path: "/verdicts/look",
    scope: "none",
    summary: "The alarm that a link in a mail asks about. Looking judges nothing.",
    body: LinkToken,
    response: VerdictOffer,
    errors: ["LINK_INVALID"],
  }),
  judgeByLink: route({
    name: "judgeByLink",
    method: "POST",
    path: "/verdicts/judge",
    scope: "none",
    summary: "Judges an alarm in the name of the addresses that its mail was sent to. Only what nobody has judged yet.",
    body: LinkVerdict,
    response: VerdictOffer,
    errors: ["LINK_INVALID", "CONFLICT"],
  }),
  getNoise: route({
    name: "getNoise",
    method: "GET",
    path: "/noise",
    scope: "findings:read",
    summary: "False alarms by rule, customer and week, and which rules are over their budget.",
    query: NoiseQuery,
    response: NoiseReport,
  }),
  acknowledgeFinding: route({
    name: "acknowledgeFinding",
    method: "POST",
    path: "/findings/{findingId}/acknowledge",
    scope: "findings:write",
    summary: "Acknowledges a finding, with a note and until when.",
    params: findingId,
    body: m.AcknowledgeFinding,
    response: m.Finding,
    errors: ["CONFLICT"],
  }),
  reopenFinding: route({
    name: "reopenFinding",
    method: "POST",
    path: "/findings/{findingId}/reopen",
    scope: "findings:write",
    summary: "Takes an acknowledgement back.",
    params: findingId,
    body: m.ReopenFinding.optional(),
    response: m.Finding,
    errors: ["CONFLICT"],
  }),
} as const;
