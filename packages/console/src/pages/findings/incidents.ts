/** Findings by incident: all of a device together, and what a silent device says from before behind its silence. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";

export interface Incidents {
  /** What is shown, in its order. */
  readonly rows: readonly Finding[];
  /** By the cause's id: what stands behind it, shown or not. */
  readonly behind: ReadonlyMap<string, readonly Finding[]>;
  /** Rows that stand below another one of the same device. */
  readonly following: ReadonlySet<string>;
}

/** A device that says nothing: whatever else is known of it is from before. */
const isCause = ({ check, code, deviceId }: Finding) => check === deviceCheckId && code === "silent" && deviceId !== null;

/**
 * @param findings in the order "incident" of listFindings: those of a device together, the cause first.
 * @param unfolded ids of causes whose followers are shown.
 */
export function arrange(findings: readonly Finding[], unfolded: ReadonlySet<string>): Incidents {
  const rows: Finding[] = [];
  const behind = new Map<string, Finding[]>();
  const following = new Set<string>();
  let previous: string | null = null;
  let cause: Finding | undefined;
  for (const finding of findings) {
    if (finding.deviceId === null || finding.deviceId !== previous) cause = isCause(finding) ? finding : undefined;
    else {
      following.add(finding.findingId);
      if (cause) {
        behind.set(cause.findingId, [...(behind.get(cause.findingId) ?? []), finding]);
        if (!unfolded.has(cause.findingId)) {
          previous = finding.deviceId;
          continue;
        }
      }
    }
    rows.push(finding);
    previous = finding.deviceId;
  }
  return { rows, behind, following };
}
