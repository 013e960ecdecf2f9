/** What findings are about, in the groups by which people choose what they are told. A check says which one is its own. */
export const topics = [
  "availability",
  "disks",
  "backup",
  "antivirus",
  "updates",
  "security",
  "performance",
  "network",
  "system",
  "hauswart",
] as const;

export type Topic = (typeof topics)[number];
