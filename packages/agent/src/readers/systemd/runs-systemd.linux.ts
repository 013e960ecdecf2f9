import type { Os } from "../../os/os.ts";
import { listIfThere } from "../if-there.ts";

/** Whether systemd runs this computer, as sd_booted(3) finds out. Throws OsError. */
export async function runsSystemd(os: Os): Promise<boolean> {
  return (await listIfThere(os, "/run/systemd/system")) !== undefined;
}
