import { OsError, type Os } from "./os.ts";

/** Calls of `Os` that only some systems have: each says so with a code, and what needs it is unknown for that reason. */
export function withoutSystemBus(systemName: string): Pick<Os, "systemBus"> {
  return {
    systemBus: async () => {
      throw new OsError("COLLECT_UNSUPPORTED", `there is no D-Bus on ${systemName}`, `not-on-this-system: D-Bus`);
    },
  };
}

/** See `withoutSystemBus`. */
export function withoutWindows(systemName: string): Pick<Os, "windows"> {
  return {
    windows: async () => {
      throw new OsError("COLLECT_UNSUPPORTED", `there are no calls of Windows on ${systemName}`, `not-on-this-system: Windows`);
    },
  };
}

/** See `withoutSystemBus`. */
export function withoutDiskPages(systemName: string): Pick<Os, "diskPages"> {
  return {
    diskPages: async () => {
      throw new OsError("COLLECT_UNSUPPORTED", `disks are not asked this way on ${systemName}`, `not-on-this-system: S.M.A.R.T.`);
    },
  };
}
