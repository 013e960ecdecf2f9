/** What messages about findings are made from, and the model that follows from it. Pure. */
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { RepairTerms } from "@hauswart/protocol/repair-terms.ts";
import type { CloseReason } from "../../findings/finding-change.ts";
import { formatIn } from "../../format-in.ts";
import { topicOf } from "../../routing/topic-of.ts";
import type { Services } from "../../services.ts";
import type { Settings } from "../../tenancy/provider-settings.ts";
import { mailModel, type MailAbout, type MailModel, type ToldFinding } from "../render/mail-model.ts";
import type { Ending } from "../render/mail-texts.ts";
import type { Letter, LetterItem, PendingFinding } from "./decide.ts";
import type * as store from "./store.ts";

/** Everything that messages are made from. */
export interface Material {
  readonly names: store.PlaceNames;
  readonly provider: Settings;
  readonly findings: ReadonlyMap<Id, store.NoticedFinding>;
  readonly events: readonly store.LastEvent[];
  readonly tellings: readonly store.StoredTelling[];
  /** Terms of a repair that the customer can order from the mail; undefined where none is offered. */
  readonly repair: RepairTerms | undefined;
  /** The customer has readers of its own, who then confirm its drills. */
  readonly customerReads: boolean;
  /** Findings whose repair is on order. */
  readonly ordered: ReadonlySet<Id>;
  readonly nowMs: number;
}

/** For messages from which no repair can be ordered. */
export const noRepair: Pick<Material, "repair" | "ordered" | "customerReads"> = {
  repair: undefined,
  ordered: new Set(),
  customerReads: true,
};

const endings: Readonly<Record<CloseReason, Ending>> = {
  recovered: "recovered",
  returned: "recovered",
  noted: "recovered",
  "enrolled-anew": "recovered",
  "subject-gone": "subject-gone",
  "check-ended": "not-watched",
  revoked: "not-watched",
};

/** A finding as those who decide about its messages see it. */
export function pendingOf(
  { checks }: Pick<Services, "checks">,
  { events, tellings }: Pick<Material, "events" | "tellings">,
  finding: store.NoticedFinding,
): store.NoticedFinding & PendingFinding {
  const isOfIt = ({ findingId }: { readonly findingId: Id }) => findingId === finding.findingId;
  const ranOutAtMs = events.find((event) => isOfIt(event) && event.kind === "reopened")?.atMs;
  return {
    ...finding,
    topic: topicOf(checks, finding.checkId),
    isOver: finding.closedAtMs !== undefined,
    ranOutAtMs,
    isReminded: ranOutAtMs !== undefined && tellings.every((telling) => !isOfIt(telling) || telling.toldAtMs < ranOutAtMs),
  };
}

/** The model of a letter; mails and the messages of all channels are made from it. */
export function modelOf(
  services: Pick<Services, "checks" | "settings">,
  material: Material,
  { circle, language, fromSeverity, items }: Pick<Letter, "circle" | "language" | "fromSeverity" | "items">,
  more: Pick<MailAbout, "lead" | "reason"> = {},
): MailModel {
  const { names, provider, nowMs } = material;
  return mailModel(services.checks, {
    language,
    fromSeverity,
    nowMs,
    format: formatIn(language, names.timeZone),
    providerName: provider.name,
    customerName: names.customerName,
    siteName: names.siteName ?? undefined,
    consoleUrl: services.settings.url,
    repair: circle === "customer" ? material.repair : undefined,
    judgesAlarms: circle === "provider",
    confirmsDrills: circle === "customer" || !material.customerReads,
    findings: items.map((item) => toldFinding(material, item)),
    ...more,
  });
}

function toldFinding({ findings, events, ordered }: Material, { findingId, told, severityBefore }: LetterItem): ToldFinding {
  const finding = findings.get(findingId)!;
  const closing = events.find((event) => event.findingId === findingId && event.kind === "closed");
  return {
    findingId,
    told,
    severityBefore,
    checkId: finding.checkId,
    code: finding.code,
    subject: finding.subject,
    severity: finding.severity,
    deviceName: finding.deviceName ?? undefined,
    place: finding.place,
    evidence: finding.evidence,
    closingEvidence: closing?.evidence ?? undefined,
    evidenceAtMs: finding.closedAtMs ?? finding.evidenceAtMs,
    measured: finding.checkId !== deviceCheckId && finding.checkId !== serverCheckId && finding.checkId !== siteCheckId,
    openedAtMs: finding.openedAtMs,
    closedAtMs: finding.closedAtMs,
    windowName: events.find((event) => event.findingId === findingId && event.kind === "held")?.windowName ?? undefined,
    isOrdered: ordered.has(findingId),
    ending: finding.closeReason === null ? "recovered" : endings[finding.closeReason],
  };
}
