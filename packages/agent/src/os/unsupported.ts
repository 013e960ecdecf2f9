import { OsError, type Os } from "./os.ts";

/** The call of `Os` that only Linux has: says so with a code, and what needs it is unknown for that reason. */
export function withoutSystemBus(systemName: string): Pick<Os, "systemBus"> {
  return {
    systemBus: async () => {
      throw new OsError("COLLECT_UNSUPPORTED", `there is no D-Bus on ${systemName}`);
    },
  };
}
