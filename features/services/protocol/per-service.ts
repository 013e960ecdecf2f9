/** Settings of single services: read by the judge, and by the agent for its restarts. */
import { fitsPattern } from "@hauswart/protocol/name-pattern.ts";

/** Names count in capitals and small letters alike, and `cron` means `cron.service`. */
function fits(pattern: string, name: string): boolean {
  const [wanted, whole] = [pattern.toLowerCase(), name.toLowerCase()];
  return fitsPattern(wanted, whole) || fitsPattern(wanted, whole.replace(/\.service$/, ""));
}

/**
 * The settings that hold for a service: those of the first line that fits it; what the line leaves empty is as for all.
 * @param lines undefined where an older server does not know them
 */
export function settingsFor<Settings extends object>(
  common: Settings,
  lines: readonly ({ readonly service: string } & { readonly [Name in keyof Settings]?: Settings[Name] | undefined })[] | undefined,
  name: string,
): Settings {
  const line = lines?.find(({ service }) => fits(service, name));
  if (!line) return common;
  const { service: _, ...own } = line;
  return { ...common, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
}
