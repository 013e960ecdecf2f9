/** Why the device is not heard of, how sure that is, and what it stands on. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { whyOfflineTexts } from "@hauswart/protocol/why-offline-texts.ts";
import { useSpeech } from "../../texts/texts.tsx";

export function WhyOffline({ offline: { reason, certainty, clues, witnesses } }: { offline: NonNullable<Device["offline"]> }) {
  const { texts, format, language } = useSpeech();
  const words = whyOfflineTexts[language];
  const seen = witnesses.map(({ deviceName, at }) => texts.device.seenBy(deviceName, format.dateTime(Date.parse(at))));
  return (
    <>
      {words.reasons[reason]} ({words.certainties[certainty]})
      <span className="dimmed">
        {": "}
        {[...clues.map((clue) => words.clues[clue]), ...seen].join("; ")}
      </span>
    </>
  );
}
