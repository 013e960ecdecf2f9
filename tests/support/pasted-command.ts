/** The command that the console shows to bring a computer in, pasted on a computer that has a network of its own. */
import type { Client } from "@hauswart/protocol/api/client.ts";
import type { Result } from "@hauswart/protocol/api/routes.ts";
import { bootMachine, type Machine, type SiteNetwork } from "@hauswart/testkit/nspawn.ts";

/** What the command needs of a computer. */
export const commandPackages = ["curl", "sudo", "ca-certificates"];

export const bootNewcomer = (network: SiteNetwork): Promise<Machine> =>
  bootMachine({ hostName: "pc-empfang", packages: commandPackages, network });

export const paste = (machine: Machine, command: string) => machine.run(["bash", "-c", command], { timeoutMs: 120_000 });

/** A site that computers are brought into. */
export interface NewSite {
  newToken(): Promise<Result<"createEnrolmentToken">>;
  newCommand(): Promise<string>;
  devices(): Promise<Result<"listDevices">["items"]>;
}

export async function makeNewSite(api: Client): Promise<NewSite> {
  const { customerId } = await api("createCustomer", { body: { name: "Muster GmbH" } });
  const { siteId } = await api("createSite", { body: { customerId, name: "Zentrale" } });
  const newToken = () => api("createEnrolmentToken", { body: { siteId, uses: 1 } });
  return {
    newToken,
    newCommand: async () => (await newToken()).ways.find(({ system }) => system === "linux")!.command!,
    devices: async () => (await api("listDevices")).items,
  };
}
