/** How long a device may be silent: a setting of its provider, by the device's role. Laptops sleep at weekends, servers do not. */
import { ProviderSettings } from "@hauswart/protocol/api/models.ts";

const defaults = { serverSilentMinutes: 5, workstationSilentDays: 14 };
const Limits = ProviderSettings.pick({ serverSilentMinutes: true, workstationSilentDays: true }).partial();

/** @param settings of the provider, as stored; what is not set has its default. */
export function silenceLimitMs(role: "workstation" | "server", settings: Readonly<Record<string, unknown>>): number {
  const parsed = Limits.safeParse(settings);
  const { serverSilentMinutes, workstationSilentDays } = { ...defaults, ...(parsed.success ? parsed.data : {}) };
  return role === "server" ? serverSilentMinutes * 60_000 : workstationSilentDays * 86_400_000;
}
