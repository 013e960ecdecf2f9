/**
 * Public holidays of Germany, from the library `date-holidays` (its data: CC BY 3.0). Nationwide is what holds in all sixteen states;
 * everything that the library knows as a mere observance (Easter Sunday outside Brandenburg, Christmas Eve) is none.
 */
import type Holidays from "date-holidays";

/** A day as the law of a state names it. */
export interface PublicHoliday {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly name: string;
}

/** ISO 3166-2 without the country. */
const states = ["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"] as const;
/** Parts of a state with days of their own, as the library names them. */
const regions = { BY: ["A", "KATH"], SN: ["BZ"], TH: ["EIC", "UH", "WAK"] } as const;

/** All that a set of holidays can be filled from: DE for the days of all states, DE-BY for a state, DE-BY-A for a part of one. */
export const holidaySources: readonly string[] = [
  "DE",
  ...states.flatMap((state) => [`DE-${state}`, ...(regionsOf(state) ?? []).map((region) => `DE-${state}-${region}`)]),
];

function regionsOf(state: string): readonly string[] | undefined {
  return regions[state as keyof typeof regions];
}

/**
 * The public holidays of some years, by date.
 * @param source one of `holidaySources`
 */
export async function publicHolidays(source: string, years: readonly number[]): Promise<readonly PublicHoliday[]> {
  // Its tables take 39 MB: loaded when a year has to be filled, not at each start.
  const { default: Library } = await import("date-holidays");
  return years.flatMap((year) => {
    const known = reckoned.get(`${source} ${year}`);
    const days = known ?? (source === "DE" ? nationwide(Library, year) : regional(Library, source, year));
    reckoned.set(`${source} ${year}`, days);
    return days;
  });
}

/** By source and year: sixteen states take 30 ms a year, and all houses have the same days. */
const reckoned = new Map<string, readonly PublicHoliday[]>();

function regional(Library: typeof Holidays, source: string, year: number): PublicHoliday[] {
  if (!holidaySources.includes(source)) throw new TypeError(`no source of holidays is called ${source}`);
  const [country, state, region] = source.split("-") as [string, string, string | undefined];
  const library = region ? new Library(country, state, region) : new Library(country, state);
  return library
    .getHolidays(year, "de")
    .filter(({ type }) => type === "public")
    .map(({ date, name }) => ({ date: date.slice(0, 10), name }))
    .toSorted((one, other) => one.date.localeCompare(other.date));
}

function nationwide(Library: typeof Holidays, year: number): PublicHoliday[] {
  const [first, ...others] = states.map((state) => regional(Library, `DE-${state}`, year));
  return first!.filter(({ date }) => others.every((days) => days.some((day) => day.date === date)));
}
