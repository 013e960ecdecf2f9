/** Which Linux this is. os-release(5). */

export interface SystemIdentity {
  readonly systemId: string;
  readonly systemVersion: string;
  readonly systemEdition: string;
}

export interface LinuxRelease {
  readonly identity: SystemIdentity;
  /** ID and ID_LIKE. */
  readonly families: readonly string[];
}

export function parseLinuxRelease(text: string): LinuxRelease {
  const value = (name: string) => new RegExp(`^${name}=(["']?)(.*?)\\1$`, "m").exec(text)?.[2]?.trim() ?? "";
  const id = value("ID").toLowerCase();
  return {
    identity: { systemId: id, systemVersion: value("VERSION_ID"), systemEdition: "" },
    families: [id, ...value("ID_LIKE").toLowerCase().split(/\s+/)].filter(Boolean),
  };
}
