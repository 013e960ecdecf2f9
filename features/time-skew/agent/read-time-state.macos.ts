import { plistFlag, readPropertyList } from "@hauswart/agent/os/macos/plist.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { secondsSince, type ReadTimeState } from "./time-state.ts";

/** "Set time and date automatically"; not there, or without the key, while nobody has changed it. */
const preferences = "/Library/Preferences/com.apple.timed.plist";
/** Where timed keeps what it learnt of the clock from its last answers. */
const stateFile = "/var/db/timed/com.apple.timed.plist";

export const readTimeState: ReadTimeState = async (os, nowMs) => {
  const state = await os.fileInfo(stateFile);
  if ((await isAutomatic(os)) === false) return { method: "none", synchronised: "no", source: "", sinceSyncSeconds: null };
  return {
    method: "timed",
    synchronised: "not-told",
    source: await server(os),
    sinceSyncSeconds: state ? secondsSince(state.modifiedAtMs, nowMs) : null,
  };
};

async function isAutomatic(os: Os): Promise<boolean | undefined> {
  if (!(await os.fileInfo(preferences))) return undefined;
  return plistFlag(await readPropertyList(os, preferences), "TMAutomaticTimeOnlyEnabled");
}

/** ntp.conf(5): server time.apple.com */
async function server(os: Os): Promise<string> {
  try {
    return /^\s*server\s+(\S+)/m.exec(await os.readFile("/etc/ntp.conf"))?.[1] ?? "";
  } catch (error) {
    if (error instanceof OsError) return "";
    throw error;
  }
}
