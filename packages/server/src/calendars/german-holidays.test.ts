/**
 * Against the laws of the states on Sundays and holidays, written down by hand. Moving days hang on Easter Sunday, whose dates the
 * Physikalisch-Technische Bundesanstalt publishes. Days made for one year: Berlin 8 May 2025 and 17 June 2028 (Gesetz über die Sonn- und
 * Feiertage, § 1). Parts of states: Art. 1 BayFTG (Mariä Himmelfahrt, Augsburg), § 1 SächsSFG and § 2 ThürFtG (Corpus Christi).
 */
import { expect, test } from "bun:test";
import { holidaySources, publicHolidays } from "./german-holidays.ts";

const easterSundays: Readonly<Record<number, string>> = {
  2024: "2024-03-31",
  2025: "2025-04-20",
  2026: "2026-04-05",
  2027: "2027-03-28",
  2028: "2028-04-16",
  2029: "2029-04-01",
  2030: "2030-04-21",
};
/** Wednesday before 23 November. */
const repentanceDays: Readonly<Record<number, string>> = {
  2024: "2024-11-20",
  2025: "2025-11-19",
  2026: "2026-11-18",
  2027: "2027-11-17",
  2028: "2028-11-22",
  2029: "2029-11-21",
  2030: "2030-11-20",
};

const years = Object.keys(easterSundays).map(Number);
const afterEaster = (year: number, days: number) => Temporal.PlainDate.from(easterSundays[year]!).add({ days }).toString();
const fixed = (year: number, ...days: string[]) => days.map((day) => `${year}-${day}`);

const nationwide = (year: number) => [
  ...fixed(year, "01-01", "05-01", "10-03", "12-25", "12-26"),
  ...[-2, 1, 39, 50].map((days) => afterEaster(year, days)),
];
const corpusChristi = (year: number) => afterEaster(year, 60);

const own: Readonly<Record<string, (year: number) => string[]>> = {
  "DE-BB": (year) => [afterEaster(year, 0), afterEaster(year, 49), ...fixed(year, "10-31")],
  "DE-BE": (year) => [...fixed(year, "03-08"), ...(year === 2025 ? ["2025-05-08"] : []), ...(year === 2028 ? ["2028-06-17"] : [])],
  "DE-BW": (year) => [...fixed(year, "01-06", "11-01"), corpusChristi(year)],
  "DE-BY": (year) => [...fixed(year, "01-06", "11-01"), corpusChristi(year)],
  "DE-BY-A": (year) => [...fixed(year, "01-06", "08-08", "08-15", "11-01"), corpusChristi(year)],
  "DE-BY-KATH": (year) => [...fixed(year, "01-06", "08-15", "11-01"), corpusChristi(year)],
  "DE-HB": (year) => fixed(year, "10-31"),
  "DE-HE": (year) => [corpusChristi(year)],
  "DE-HH": (year) => fixed(year, "10-31"),
  "DE-MV": (year) => fixed(year, "03-08", "10-31"),
  "DE-NI": (year) => fixed(year, "10-31"),
  "DE-NW": (year) => [...fixed(year, "11-01"), corpusChristi(year)],
  "DE-RP": (year) => [...fixed(year, "11-01"), corpusChristi(year)],
  "DE-SH": (year) => fixed(year, "10-31"),
  "DE-SL": (year) => [...fixed(year, "08-15", "11-01"), corpusChristi(year)],
  "DE-SN": (year) => [...fixed(year, "10-31"), repentanceDays[year]!],
  "DE-SN-BZ": (year) => [...fixed(year, "10-31"), repentanceDays[year]!, corpusChristi(year)],
  "DE-ST": (year) => fixed(year, "01-06", "10-31"),
  "DE-TH": (year) => fixed(year, "09-20", "10-31"),
  "DE-TH-EIC": (year) => [...fixed(year, "09-20", "10-31"), corpusChristi(year)],
  "DE-TH-UH": (year) => [...fixed(year, "09-20", "10-31"), corpusChristi(year)],
  "DE-TH-WAK": (year) => [...fixed(year, "09-20", "10-31"), corpusChristi(year)],
};

const datesOf = async (source: string, year: number) => (await publicHolidays(source, [year])).map(({ date }) => date);

test.each(years)("the days that hold in all of Germany in %d", async (year) => {
  expect(await datesOf("DE", year)).toEqual(nationwide(year).toSorted());
});

test.each(Object.keys(own))("the days of %s", async (source) => {
  for (const year of years)
    expect([source, await datesOf(source, year)]).toEqual([source, [...nationwide(year), ...own[source]!(year)].toSorted()]);
});

test("every source is looked at here", () => {
  expect(["DE", ...Object.keys(own)].toSorted()).toEqual([...holidaySources].toSorted());
});

test("days come with their German names and without their hours", async () => {
  const [first] = await publicHolidays("DE", [2026]);
  expect(first).toEqual({ date: "2026-01-01", name: "Neujahr" });
});

test("Reformation Day of 2017 held in all states and no other year's did", async () => {
  expect(await datesOf("DE", 2017)).toContain("2017-10-31");
  expect(await datesOf("DE", 2018)).not.toContain("2018-10-31");
});

test("what is no source is refused", () => {
  expect(publicHolidays("DE-XX", [2026])).rejects.toThrow("DE-XX");
});
