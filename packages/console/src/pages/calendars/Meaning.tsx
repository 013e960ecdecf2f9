/** What a calendar would mean, saved or not: the sums of a year, and when a fault would be due. */
import { useSpeech } from "../../texts/texts.tsx";
import type { Definition } from "./definition.ts";
import { DueTime } from "./DueTime.tsx";

export function Meaning({ calendar }: { calendar: Definition }) {
  const { texts, format } = useSpeech();
  return (
    <section aria-label={texts.calendars.meaning}>
      <strong>{texts.calendars.meaning}</strong>
      <DueTime
        calendar={calendar}
        foot={({ year, workingDays, openHours }) => `${texts.calendars.yearSum(year, workingDays, format.number(openHours))}.`}
      />
    </section>
  );
}
