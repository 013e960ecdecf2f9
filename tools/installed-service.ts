/**
 * The server as a service of this computer: where it lies, as whom it runs and with which settings. Commands at the terminal are about
 * this server where it is installed, and not about another one that happens to lie in the checkout.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { type Account, findAccount } from "@hauswart/server/database/embedded/account.ts";
import { SettingsError } from "@hauswart/server/settings.ts";
import { parseEnvironmentFile } from "./environment-file.ts";
import { runSystem } from "./service-folders.ts";
import { readUnit } from "./service-unit.ts";
import { projectRoot } from "./sources.ts";

export const serviceName = "hauswart";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ServicePaths {
  readonly unit: string;
  readonly settings: string;
}

export const servicePaths: ServicePaths = { unit: "/etc/systemd/system/hauswart.service", settings: "/etc/hauswart/hauswart.env" };

export interface InstalledService {
  /** Absolute path of the checkout that it runs from. */
  readonly program: string;
  /** Name of its system user. */
  readonly user: string;
  /** Absolute path of the data folder that its unit names; the settings may name another one. */
  readonly data: string;
}

/** @returns undefined where it is not installed. Throws for a unit that is none of ours. */
export function findInstalledService(paths = servicePaths): InstalledService | undefined {
  return existsSync(paths.unit) ? readUnit(readFileSync(paths.unit, "utf8")) : undefined;
}

/** The service's settings; undefined where there is no file of them. @throws SettingsError when it cannot be read, or is none */
export function readServiceSettings(paths = servicePaths): Record<string, string> | undefined {
  if (!existsSync(paths.settings)) return undefined;
  try {
    return parseEnvironmentFile(readFileSync(paths.settings, "utf8"));
  } catch (error) {
    throw new SettingsError([`The settings in ${paths.settings} cannot be read: ${(error as Error).message}`]);
  }
}

export interface ServerHere {
  /** What its settings are read from. */
  readonly environment: Environment;
  /** As whom to act, so that whatever is made belongs to the server; undefined = as whoever runs the command. */
  readonly account: Account | undefined;
}

/**
 * The server that a command of an operator is about: the one of the data folder that its environment names; else the installed
 * service; else the one of this checkout.
 * @param command its name, for the sentence that says how to run it
 * @param uid of whoever runs it
 * @throws SettingsError when the service's settings are out of reach, or the service is another checkout's
 */
export function findServerHere(
  command: string,
  own: Environment = process.env,
  paths = servicePaths,
  uid = process.getuid?.(),
): ServerHere {
  const service = own["HAUSWART_DATA"] ? undefined : findInstalledService(paths);
  if (service === undefined) return { environment: own, account: undefined };
  if (!existsSync(service.program) || realpathSync(service.program) !== realpathSync(projectRoot))
    throw new SettingsError([
      `The service ${serviceName} of this computer runs from ${service.program}, and this is ${projectRoot}. Run the command there, or name the data folder of another server: HAUSWART_DATA=FOLDER npm run ${command}`,
    ]);
  if (uid !== 0)
    throw new SettingsError([
      `The service ${serviceName} is installed on this computer, and its settings in ${paths.settings} are root's. Run: sudo npm run ${command}`,
    ]);
  const account = findAccount(service.user);
  if (account === undefined) throw new SettingsError([`The system user ${service.user} of the service ${serviceName} is missing.`]);
  return { environment: { HAUSWART_DATA: service.data, ...readServiceSettings(paths), ...own }, account };
}

/** Goes on as the server's user, for good: files that are made belong to it, and nothing is done with root's rights in its folders. */
export function becomeServer({ account }: ServerHere): void {
  if (account === undefined) return;
  process.setgroups!(runSystem("id", "-G", "--", account.name).split(" ").map(Number));
  process.setgid!(account.gid);
  process.setuid!(account.uid);
  process.umask(0o027);
}
