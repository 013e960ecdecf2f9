/** The findings that a replay would have raised, one after the other. */
import type { Change } from "../evaluate/evaluate.ts";
import { worse, type Severity } from "../evaluate/judged-state.ts";

/** A finding that would have been. Times are Unix milliseconds. */
export interface WouldBeFinding {
  readonly code: string;
  readonly subject: string;
  /** The newest, and the worst that it had. */
  severity: Severity;
  worst: Severity;
  readonly openedMs: number;
  /** null: it was still open after the last sample. */
  closedMs: number | null;
  closedBy: "recovered" | "subject-gone" | "check-ended" | null;
  /** How often it was bad anew, where it stood for flapping. */
  flapCount: number | null;
}

export class Trace {
  /** By time of opening. */
  readonly findings: WouldBeFinding[] = [];
  private readonly open = new Map<string, WouldBeFinding>();

  note(change: Change, atMs: number): void {
    const { code, subject } = change;
    const key = `${code}\n${subject}`;
    if (change.kind === "open") {
      const { severity, evidence } = change;
      const flapCount = typeof evidence["flapCount"] === "number" ? evidence["flapCount"] : null;
      const finding = { code, subject, severity, worst: severity, openedMs: atMs, closedMs: null, closedBy: null, flapCount };
      this.findings.push(finding);
      this.open.set(key, finding);
      return;
    }
    const finding = this.open.get(key);
    if (!finding) return;
    if (change.kind === "close") this.close(key, finding, atMs, change.reason, change.evidence?.["flapCount"]);
    else {
      finding.severity = change.severity;
      finding.worst = worse(finding.worst, change.severity) as Severity;
    }
  }

  /** The check ended: what is open closes with it. */
  end(atMs: number): void {
    for (const [key, finding] of this.open) this.close(key, finding, atMs, "check-ended", undefined);
  }

  private close(key: string, finding: WouldBeFinding, atMs: number, by: WouldBeFinding["closedBy"], flapCount: unknown): void {
    finding.closedMs = atMs;
    finding.closedBy = by;
    if (typeof flapCount === "number") finding.flapCount = flapCount;
    this.open.delete(key);
  }
}
