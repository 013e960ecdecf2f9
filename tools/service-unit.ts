/** The systemd unit of the server, filled in for a place. Pure but for reading the template. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serverEnvironment } from "@hauswart/server/runtime-environment.ts";
import { projectRoot } from "./sources.ts";

export interface ServicePlaces {
  /** Absolute path of this checkout. */
  readonly program: string;
  /** Absolute path of Bun. */
  readonly bun: string;
  /** Absolute path of the data folder. */
  readonly data: string;
  /** More folders that the server writes to, such as that of backups; the server starts without one that is not there. */
  readonly writable: readonly string[];
  readonly user: string;
}

/** Text of hauswart.service. Throws for a path with characters that systemd reads in its own way. */
export function renderUnit({ program, bun, data, writable, user }: ServicePlaces): string {
  for (const path of [program, bun, data, ...writable])
    if (!/^\/[\w./+-]*$/.test(path)) throw new Error(`The path ${path} holds characters that a unit cannot name. Use another one.`);
  const isHome = [program, data, ...writable].some((path) => /^\/(home|root|run\/user)\//.test(`${path}/`));
  const values: Readonly<Record<string, string>> = {
    PROGRAM: program,
    BUN: bun,
    DATA: data,
    USER: user,
    RUNTIME: Object.entries(serverEnvironment)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
    WRITABLE: [data, ...writable.map((path) => `-${path}`)].join(" "),
    PROTECTHOME: isHome ? "no" : "yes",
  };
  const template = readFileSync(join(projectRoot, "packaging/hauswart.service"), "utf8");
  return template.replaceAll(/@([A-Z]+)@/g, (all, name: string) => values[name] ?? all);
}

/** The places in a unit that `renderUnit` has made. Throws for another one. */
export function readUnit(text: string): Pick<ServicePlaces, "program" | "data" | "user"> {
  const found = (pattern: RegExp): string => {
    const value = pattern.exec(text)?.[1];
    if (value === undefined) throw new Error("The unit of the service hauswart is not one that install-service has made. Install it anew.");
    return value;
  };
  return {
    program: found(/^WorkingDirectory=(\/\S*)$/m),
    data: found(/^Environment=(?:.* )?HAUSWART_DATA=(\/\S*)/m),
    user: found(/^User=(\S+)$/m),
  };
}
