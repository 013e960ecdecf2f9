/** Which volumes a check looks at: one selection for all checks of volumes, so that they always look at the same ones. */
import { setting } from "./fields.ts";

/** Fields of a selection schema: `z.object({ ...volumeSelection })`. */
export const volumeSelection = {
  include: setting.names([], "Only these volumes, by mount point or drive letter; * stands for any characters. Empty: all real volumes."),
  exclude: setting.names([], "Never these volumes; * stands for any characters."),
  networkVolumes: setting.flag(false, "Also volumes of other computers (NFS, SMB …)."),
  removableVolumes: setting.flag(
    false,
    "Also volumes that a person plugs in: on Linux what is mounted under /media or /run/media, elsewhere disks on USB and memory cards.",
  ),
  readOnlyVolumes: setting.flag(false, "Also volumes that nothing can be written to."),
};
