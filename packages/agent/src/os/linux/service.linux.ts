/** The agent as a service of what runs this computer: systemd, or OpenRC as on Alpine Linux. */
import { existsSync } from "node:fs";
import type { Os } from "../os.ts";
import type { ServiceInstallation } from "../system.ts";

/** sd_booted(3); OpenRC keeps its state in /run/openrc while it runs the computer. Either, or undefined for any other. */
export async function linuxService(os: Os, root = ""): Promise<ServiceInstallation> {
  if (existsSync(`${root}/run/systemd/system`)) return (await import("./systemd-service.linux.ts")).systemdService(os);
  if (existsSync(`${root}/run/openrc`)) return (await import("./openrc-service.linux.ts")).openrcService(os);
  return foreignService;
}

/** The agent was taken into service by hand; what starts it is known to whoever did it. */
const foreignService: ServiceInstallation = {
  install: async () => {
    throw new Error("Neither systemd nor OpenRC runs this computer. Start the agent by what runs it: hauswart-agent run.");
  },
  uninstall: async () =>
    "Neither systemd nor OpenRC runs this computer: whatever starts `hauswart-agent run` here has to be told, and the program removed, by hand.",
};
