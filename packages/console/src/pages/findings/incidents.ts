/** Findings by incident: what one cause explains stands behind it, and so does what a silent device says from before its silence. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";

export interface Incidents {
  /** What is shown, in its order. */
  readonly rows: readonly Finding[];
  /** By the cause's id: what stands behind it, shown or not. */
  readonly behind: ReadonlyMap<string, readonly Finding[]>;
  /** Rows that stand below another one of the same incident or device. */
  readonly following: ReadonlySet<string>;
}

/** A site without connection, our own line, a device that says nothing: whatever else is known of it is from before. */
const isCause = ({ check, code, deviceId, incident }: Finding) =>
  incident ? incident.isCause : check === deviceCheckId && code === "silent" && deviceId !== null;

/** Findings with the same one stand together; undefined: it stands alone. */
const groupOf = ({ incident, deviceId }: Finding) => incident?.incidentId ?? deviceId ?? undefined;

/**
 * @param findings in the order "incident" of listFindings: those of an incident or a device together, the cause first.
 * @param unfolded ids of causes whose followers are shown.
 */
export function arrange(findings: readonly Finding[], unfolded: ReadonlySet<string>): Incidents {
  const rows: Finding[] = [];
  const behind = new Map<string, Finding[]>();
  const following = new Set<string>();
  let group: string | undefined;
  let cause: Finding | undefined;
  for (const finding of findings) {
    const own = groupOf(finding);
    if (own === undefined || own !== group) cause = isCause(finding) ? finding : undefined;
    else {
      following.add(finding.findingId);
      if (cause) {
        const those = behind.get(cause.findingId);
        if (those) those.push(finding);
        else behind.set(cause.findingId, [finding]);
      }
    }
    if (!cause || cause === finding || unfolded.has(cause.findingId)) rows.push(finding);
    group = own;
  }
  return { rows, behind, following };
}
