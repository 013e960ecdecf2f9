/** The curated rules: what each means stands in messages/, what fits them on which system in agent/. */

export interface RuleTraits {
  readonly severity: "warning" | "failure";
  /** Raises when so many entries fit … */
  readonly fromCount: number;
  /** … within so many minutes. */
  readonly withinMinutes: number;
}

const once = (severity: RuleTraits["severity"]): RuleTraits => ({ severity, fromCount: 1, withinMinutes: 60 });
const often = (fromCount: number): RuleTraits => ({ severity: "warning", fromCount, withinMinutes: 60 });

export const curated = {
  "active-directory": once("failure"),
  "backup-failed": once("failure"),
  "certificate-services": once("warning"),
  "critical-entry": once("warning"),
  "database-damaged": once("failure"),
  "dhcp-server": once("warning"),
  "disk-error": once("failure"),
  "dns-server": once("warning"),
  "duplicate-address": once("warning"),
  "file-replication": once("failure"),
  "file-system-error": once("failure"),
  "hardware-corrected": often(10),
  "hardware-error": once("failure"),
  "log-cleared": once("warning"),
  "memory-exhausted": once("warning"),
  overheating: once("warning"),
  "program-crash": often(5),
  "raid-degraded": once("failure"),
  "service-crashed": once("warning"),
  "service-failed": often(3),
  "shadow-copy": once("warning"),
  "storage-reset": often(5),
  "system-crash": once("failure"),
  "system-stalls": once("warning"),
  "time-service": once("warning"),
  "unexpected-shutdown": once("warning"),
} as const satisfies Readonly<Record<string, RuleTraits>>;

export type CuratedRule = keyof typeof curated;
