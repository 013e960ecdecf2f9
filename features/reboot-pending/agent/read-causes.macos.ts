import { macosCalls } from "@hauswart/agent/os/macos/calls.ts";
import { plistText, readPropertyList } from "@hauswart/agent/os/macos/plist.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { ifThere, listIfThere } from "@hauswart/agent/readers/if-there.ts";
import type { Cause, ReadCauses } from "./causes.ts";

const preboot = "/System/Volumes/Preboot";
const volumeGroup = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i;
/** What a prepared system says of itself; whichever is there. */
const manifests = ["SystemVersion.plist", "BuildManifest.plist"] as const;

/**
 * The running system is a sealed snapshot, so it is always the one on the disk. An update that is downloaded and prepared lies beside
 * it: what runs in the folder `cryptex1/current` of the volume group, what the next start brings in `cryptex1/proposed`.
 */
export const readCauses: ReadCauses = async (os) => {
  const running = (await macosCalls(os)).sysctlText("kern.osversion");
  if (!running) throw untold("macOS does not tell its running build.");
  const groups = ((await listIfThere(os, preboot)) ?? [])
    .filter((name) => volumeGroup.test(name))
    .map((name) => `${preboot}/${name}/cryptex1`);
  const systems = await Promise.all(groups.map(async (folder) => ({ folder, names: await listIfThere(os, folder) })));
  if (!systems.some(({ names }) => names?.includes("current"))) return undefined;
  const causes: Cause[] = [];
  for (const { folder, names } of systems) {
    if (!names?.includes("proposed")) continue;
    const prepared = await preparedSystem(os, `${folder}/proposed`);
    // What is left behind after the restart.
    if (prepared && prepared.build !== running) causes.push({ cause: "system-version", detail: `${prepared.version} (${prepared.build})` });
  }
  return causes.slice(0, 1);
};

/** @returns undefined for an empty folder. Throws OsError where what lies there does not say what it is. */
async function preparedSystem(os: Os, folder: string): Promise<{ version: string; build: string } | undefined> {
  const names = await os.listDirectory(folder);
  if (names.length === 0) return undefined;
  for (const name of manifests) {
    const manifest = names.includes(name) ? await ifThere(readPropertyList(os, `${folder}/${name}`)) : undefined;
    const [version, build] = [plistText(manifest, "ProductVersion"), plistText(manifest, "ProductBuildVersion")];
    if (version && build) return { version, build };
  }
  throw untold("An update is being prepared and does not tell its build.");
}

const untold = (message: string) => new OsError("COLLECT_UNREADABLE", message, "does-not-tell: macOS");
