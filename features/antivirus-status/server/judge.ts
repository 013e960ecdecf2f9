/** How antivirus products are judged; README.md says it in words. Exactly on a threshold is in order. */
import type { CheckState, CodeOf, Evidence, Judge, JudgementOf, SampleOf, Verdict, WorkingCalendar } from "@hauswart/protocol/check.ts";
import type { antivirusStatus } from "../protocol.ts";

type Sample = SampleOf<typeof antivirusStatus>;
type Product = Sample["products"][number];
type Settings = JudgementOf<typeof antivirusStatus>;
type Code = CodeOf<typeof antivirusStatus>;
type ProductVerdict = Verdict<Code>;

const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 24 * hourMs;

interface Situation {
  readonly sample: Sample;
  readonly settings: Settings;
  readonly at: number;
  readonly calendar: WorkingCalendar;
  /** Names of the products that protect. */
  readonly active: readonly string[];
}

export const judge: Judge<typeof antivirusStatus> = ({ sample, settings, at, calendar }) => {
  const active = sample.products.filter(isActive).map(({ product }) => product);
  const situation: Situation = { sample, settings, at, calendar, active };
  return [
    notProtected(situation),
    severalProducts(situation),
    ...sample.products.flatMap((product) =>
      [
        engineOff(product, situation),
        signaturesOld(product, situation),
        updatesOff(product, situation),
        tamperProtectionOff(product, situation),
        scanOverdue(product, situation),
      ].filter((verdict) => verdict !== undefined),
    ),
  ];
};

/** It says that it protects, and nothing contradicts. */
const isActive = ({ state, engine }: Product) => state === "active" && engine !== "not-running";

function isRequired({ system }: Sample, { requiredOnWindows, requiredOnLinux }: Settings): boolean {
  if (system === "win32") return requiredOnWindows;
  return system === "darwin" || requiredOnLinux;
}

function notProtected({ sample, settings, active }: Situation): ProductVerdict {
  const installed = sample.products.map(({ product }) => product).join(", ");
  const required = isRequired(sample, settings);
  const evidence: Evidence = { activeCount: active.length, active: active.join(", "), installed, isRequired: required };
  const mayProtect = sample.products.some(({ state }) => state === "unknown");
  const lacking: CheckState = mayProtect ? "unknown" : required ? "failure" : "ok";
  return { code: "not-protected", subject: "", state: active.length > 0 ? "ok" : lacking, evidence };
}

function severalProducts({ sample }: Situation): ProductVerdict {
  // XProtect is part of macOS: it stays beside any other product and cannot be removed.
  const mayStay = ({ isBuiltIn }: Product) => isBuiltIn && sample.system === "darwin";
  const names = sample.products
    .filter((product) => isActive(product) && product.realTime !== "off" && !mayStay(product))
    .map(({ product }) => product);
  return {
    code: "several-products",
    subject: "",
    state: names.length > 1 ? "warning" : "ok",
    evidence: { realTimeCount: names.length, products: names.join(", ") },
  };
}

/** What every verdict about a product can show. */
const about = ({ state, engine, realTime, productVersion, engineVersion, problem }: Product, { active }: Situation): Evidence => ({
  productState: state,
  engine,
  realTime,
  productVersion,
  engineVersion,
  otherActive: active.join(", "),
  problem,
});

function engineOff(product: Product, situation: Situation): ProductVerdict {
  return {
    code: "engine-off",
    subject: product.product,
    state: engineState(product, situation),
    evidence: about(product, situation),
    hides: untold(product, situation.settings),
  };
}

/** What a product does not tell this time. Nothing of one that says that it does not protect: then that is what there is to say. */
function untold({ state, updates, tamperProtection, lastScanAt }: Product, settings: Settings): readonly Code[] {
  const isUnknown = state === "unknown";
  if (!isUnknown && state !== "active") return [];
  const codes: (Code | false)[] = [
    isUnknown && "signatures-old",
    (isUnknown || updates === "unknown") && "updates-off",
    settings.requireTamperProtection && (isUnknown || tamperProtection === "unknown") && "tamper-protection-off",
    settings.scanOverdueDays > 0 && (isUnknown || lastScanAt === null) && "scan-overdue",
  ];
  return codes.filter((code) => code !== false);
}

function engineState({ state, engine, isBuiltIn }: Product, { active }: Situation): CheckState {
  if (state === "unknown") return "unknown";
  if (state === "active") return engine === "not-running" ? "failure" : "ok";
  if (state === "on-demand") return "ok";
  // Another one protects: what came with the system has stepped back; anything else is a leftover that somebody believes in.
  if (active.length > 0) return isBuiltIn ? "ok" : "warning";
  return "failure";
}

/** How old signatures are, in the two ways in which it may be counted; null where their date is not known. */
interface Age {
  readonly hours: number | null;
  /** Working days after the day on which they were made, today among them: the day of the event is not counted (§ 187 BGB). */
  readonly workingDays: number | null;
}

function ageOf(signatureAt: number | null, { at, calendar }: Situation): Age {
  if (signatureAt === null) return { hours: null, workingDays: null };
  // Younger than its measurement is only what a wrong clock made.
  const madeAt = Math.min(signatureAt, at);
  return { hours: (at - madeAt) / hourMs, workingDays: calendar.workingDaysBetween(calendar.dateOf(madeAt), calendar.dateOf(at)) };
}

function signaturesOld(product: Product, situation: Situation): ProductVerdict | undefined {
  const { settings, active } = situation;
  const { signatures, signatureAt, signatureVersion, updates, state } = product;
  if (signatures === "not-used" || signatures === "irregular") return undefined;
  // What stands aside because another product protects need not be current.
  if (state !== "active" && active.length > 0) return undefined;
  const age = ageOf(signatureAt, situation);
  const isOld = signatureState(product, age, settings);
  const waits = isBad(isOld) && hasGrace(product, situation);
  return {
    code: "signatures-old",
    subject: product.product,
    state: waits ? "unknown" : isOld,
    evidence: {
      ...about(product, situation),
      ageHours: age.hours,
      ageSeconds: age.hours === null ? null : age.hours * 3_600,
      ageWorkingDays: settings.signatureAgeUnit === "working-days" ? age.workingDays : null,
      signatureAtMs: signatureAt,
      signatureVersion,
      updates,
      saysOutdated: signatures === "outdated",
      ...limitsOf(settings),
      ...(waits ? { reason: "after-pause" } : isOld === "unknown" ? { reason: "no-date" } : {}),
    },
  };
}

const isBad = (state: CheckState) => state === "warning" || state === "failure";

/**
 * Whether the product still has time to fetch new signatures after a pause. Signatures that were old before the pause have had their time:
 * else a computer that is never used for long would never alarm.
 */
function hasGrace(product: Product, situation: Situation): boolean {
  const { sample, settings, at } = situation;
  const { resumedAt, pausedAt } = sample;
  if (resumedAt === null || at < resumedAt || at - resumedAt >= settings.pauseToleranceMinutes * minuteMs) return false;
  if (product.wasOutdated) return false;
  if (pausedAt === null || pausedAt === undefined) return true;
  const ageThen = ageOf(product.signatureAt, { ...situation, at: pausedAt });
  return !isBad(signatureState({ ...product, signatures: "not-told" }, ageThen, settings));
}

/** The limits that hold, in the unit that was chosen. */
function limitsOf(settings: Settings): Evidence {
  const { signatureAgeUnit, signatureWarningHours, signatureFailureHours, signatureWarningWorkingDays, signatureFailureWorkingDays } =
    settings;
  return signatureAgeUnit === "hours"
    ? { signatureWarningHours, signatureFailureHours }
    : { signatureWarningWorkingDays, signatureFailureWorkingDays };
}

function signatureState({ signatures }: Product, { hours, workingDays }: Age, settings: Settings): CheckState {
  if (hours === null || workingDays === null) return signatures === "outdated" ? "warning" : signatures === "current" ? "ok" : "unknown";
  const [age, warning, failure] =
    settings.signatureAgeUnit === "hours"
      ? [hours, settings.signatureWarningHours, settings.signatureFailureHours]
      : [workingDays, settings.signatureWarningWorkingDays, settings.signatureFailureWorkingDays];
  if (failure > 0 && age > failure) return "failure";
  if (warning > 0 && age > warning) return "warning";
  return signatures === "outdated" ? "warning" : "ok";
}

function updatesOff(product: Product, situation: Situation): ProductVerdict | undefined {
  if (product.updates === "unknown" || (product.state !== "active" && situation.active.length > 0)) return undefined;
  return {
    code: "updates-off",
    subject: product.product,
    state: product.updates === "not-running" ? "warning" : "ok",
    evidence: { ...about(product, situation), updates: product.updates, signatureAtMs: product.signatureAt },
  };
}

function tamperProtectionOff(product: Product, situation: Situation): ProductVerdict | undefined {
  if (!situation.settings.requireTamperProtection || product.tamperProtection === "unknown" || !isActive(product)) return undefined;
  return {
    code: "tamper-protection-off",
    subject: product.product,
    state: product.tamperProtection === "off" ? "warning" : "ok",
    evidence: { ...about(product, situation), tamperProtection: product.tamperProtection },
  };
}

function scanOverdue(product: Product, situation: Situation): ProductVerdict | undefined {
  const { scanOverdueDays } = situation.settings;
  if (scanOverdueDays === 0 || product.lastScanAt === null || !isActive(product)) return undefined;
  const days = Math.max(0, (situation.at - product.lastScanAt) / dayMs);
  return {
    code: "scan-overdue",
    subject: product.product,
    state: days > scanOverdueDays ? "warning" : "ok",
    evidence: { ...about(product, situation), lastScanAtMs: product.lastScanAt, scanAgeSeconds: days * 86_400, scanOverdueDays },
  };
}
