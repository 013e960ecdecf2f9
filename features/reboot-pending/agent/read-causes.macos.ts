import { macosCalls } from "@hauswart/agent/os/macos/calls.ts";
import { plistText, readPropertyList } from "@hauswart/agent/os/macos/plist.ts";
import { OsError } from "@hauswart/agent/os/os.ts";
import type { ReadCauses } from "./causes.ts";

/** macOS installs its updates in the restart itself; what is left is a system on the disk that is not the one that runs. */
export const readCauses: ReadCauses = async (os) => {
  const running = (await macosCalls(os)).sysctlText("kern.osversion");
  const installed = plistText(await readPropertyList(os, "/System/Library/CoreServices/SystemVersion.plist"), "ProductBuildVersion");
  if (!running || !installed)
    throw new OsError("COLLECT_UNREADABLE", "macOS does not tell its running and its installed build.", "does-not-tell: macOS");
  return running === installed ? [] : [{ cause: "system-version", detail: installed }];
};
