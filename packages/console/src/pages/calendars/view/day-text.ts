/** Days and months in words. */
import { locales, type Language } from "@hauswart/protocol/format.ts";
import type { Texts } from "../../../texts/texts.tsx";
import { writeSpans } from "../spans.ts";
import { kindOf, type CalendarDay } from "./month.ts";

const moment = (day: string) => Date.parse(`${day.length === 7 ? `${day}-01` : day}T00:00:00Z`);

export function dayTexts(texts: Texts, language: Language) {
  const writer = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locales[language], { ...options, timeZone: "UTC" });
    return (day: string) => format.format(moment(day));
  };
  const longDay = writer({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const kindText = (day: CalendarDay) => {
    const kind = kindOf(day);
    const hours = writeSpans(day.spans);
    return [texts.calendarView.kinds[kind], ...(day.holiday === null ? [] : [day.holiday]), ...(hours === "" ? [] : [hours])].join(", ");
  };
  return {
    longDay,
    shortDay: writer({ weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" }),
    monthName: writer({ month: "long", year: "numeric" }),
    shortMonth: writer({ month: "short" }),
    /** Date, kind, name, hours: all that a cell shows, to be heard. */
    dayLabel: (day: CalendarDay, isOwn: boolean) => `${longDay(day.day)}: ${kindText(day)}${isOwn ? `, ${texts.calendarView.ownDay}` : ""}`,
    kindText,
  };
}
