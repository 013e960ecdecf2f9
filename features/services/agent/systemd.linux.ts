/** systemd's interface on the D-Bus (org.freedesktop.systemd1(5)), as far as services need it. */
import { OsError, type SystemBus } from "@hauswart/agent/os/os.ts";

export const systemdName = "org.freedesktop.systemd1";
export const unitInterface = `${systemdName}.Unit`;
export const serviceInterface = `${systemdName}.Service`;
export const unitPaths = "/org/freedesktop/systemd1/unit";
const managerPath = "/org/freedesktop/systemd1";
export const managerInterface = `${systemdName}.Manager`;
export const propertiesInterface = "org.freedesktop.DBus.Properties";

/** A loaded unit as ListUnits tells of it. */
export interface ListedUnit {
  readonly name: string;
  readonly description: string;
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
  readonly path: string;
  /** Kind of the job that is queued for it; empty when there is none. */
  readonly jobType: string;
}

/** Path of a unit's object: letters and digits stay, every other byte becomes _ and two hexadecimal digits. */
export function unitPath(name: string): string {
  const escaped = Array.from(new TextEncoder().encode(name), (byte, index) => {
    const character = String.fromCharCode(byte);
    const stays = /[A-Za-z]/.test(character) || (/\d/.test(character) && index > 0);
    return stays ? character : `_${byte.toString(16).padStart(2, "0")}`;
  });
  return `${unitPaths}/${escaped.join("")}`;
}

/** Whether systemd said that there is no such unit, which is an answer and no failure. */
export const saysNoSuchUnit = (error: unknown): boolean =>
  error instanceof OsError && /NoSuchUnit|UnknownObject|BadUnitSetting|LoadFailed/.test(error.message);

export class Systemd {
  readonly #bus: SystemBus;

  constructor(bus: SystemBus) {
    this.#bus = bus;
  }

  get bus(): SystemBus {
    return this.#bus;
  }

  manager(member: string, signature?: string, values?: readonly unknown[]): Promise<unknown[]> {
    return this.#bus.call(systemdName, managerPath, managerInterface, member, signature, values);
  }

  /** @param patterns such as *.service. */
  async listUnits(patterns: readonly string[]): Promise<ListedUnit[]> {
    const [units] = (await this.manager("ListUnitsByPatterns", "asas", [[], patterns])) as [unknown[][]];
    return units.map(([name, description, loadState, activeState, subState, , path, , jobType]) => ({
      name: String(name),
      description: String(description),
      loadState: String(loadState),
      activeState: String(activeState),
      subState: String(subState),
      path: String(path),
      jobType: String(jobType),
    }));
  }

  /** Loads a unit that may not be loaded. @returns its path. */
  async loadUnit(name: string): Promise<string> {
    const [path] = await this.manager("LoadUnit", "s", [name]);
    return String(path);
  }

  async property(path: string, interfaceName: string, name: string): Promise<unknown> {
    const [value] = await this.#bus.call(systemdName, path, propertiesInterface, "Get", "ss", [interfaceName, name]);
    return value;
  }

  async text(path: string, interfaceName: string, name: string): Promise<string> {
    return String(await this.property(path, interfaceName, name));
  }

  /** Numbers of 64 bits come as bigint; what is read here fits a double. */
  async number(path: string, interfaceName: string, name: string): Promise<number> {
    return Number(await this.property(path, interfaceName, name));
  }

  async names(path: string, interfaceName: string, name: string): Promise<string[]> {
    const value = await this.property(path, interfaceName, name);
    return Array.isArray(value) ? value.map(String) : [];
  }

  async isStopping(): Promise<boolean> {
    return (await this.text(managerPath, managerInterface, "SystemState")) === "stopping";
  }

  /** Asks systemd to send signals. It refuses to be asked twice over one connection, which others share. */
  async subscribe(): Promise<void> {
    try {
      await this.manager("Subscribe");
    } catch (error) {
      if (!(error instanceof OsError && error.message.includes("AlreadySubscribed"))) throw error;
    }
  }
}
