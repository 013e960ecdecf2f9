/** Labels of the settings in `volumes.ts`. */
import type { Language } from "./format.ts";
import type { volumeSelection } from "./volumes.ts";

export const volumeSelectionTexts: Readonly<
  Record<Language, Readonly<Record<keyof typeof volumeSelection, { label: string; help: string }>>>
> = {
  de: {
    include: {
      label: "Nur diese Laufwerke",
      help: "Einhängepunkte oder Laufwerksbuchstaben, * steht für beliebige Zeichen. Leer: alle echten Laufwerke.",
    },
    exclude: { label: "Ausgenommene Laufwerke", help: "Werden nie geprüft, * steht für beliebige Zeichen." },
    networkVolumes: {
      label: "Netzlaufwerke prüfen",
      help: "Auch Laufwerke anderer Computer (NFS, SMB). Antwortet deren Server nicht, gilt das Laufwerk als nicht messbar.",
    },
    removableVolumes: {
      label: "Wechseldatenträger prüfen",
      help: "Auch angesteckte Datenträger: USB-Platten und -Sticks, Speicherkarten.",
    },
    readOnlyVolumes: { label: "Schreibgeschützte Laufwerke prüfen", help: "Auch Laufwerke, auf die nichts geschrieben werden kann." },
  },
  en: {
    include: { label: "Only these volumes", help: "Mount points or drive letters, * stands for any characters. Empty: all real volumes." },
    exclude: { label: "Excluded volumes", help: "Never checked, * stands for any characters." },
    networkVolumes: {
      label: "Check network volumes",
      help: "Also volumes of other computers (NFS, SMB). When their server does not answer, the volume counts as not measurable.",
    },
    removableVolumes: { label: "Check removable volumes", help: "Also what is plugged in: disks and sticks on USB, memory cards." },
    readOnlyVolumes: { label: "Check read-only volumes", help: "Also volumes that nothing can be written to." },
  },
};
