/** Reads the report that `bun test` writes about one suite (JUnit's XML). */
import { XMLParser } from "fast-xml-parser";

export interface TestOutcome {
  /** File, groups and title. */
  readonly name: string;
  readonly file: string;
  readonly state: "passed" | "failed" | "skipped";
  /** What a failed test said. */
  readonly message: string;
}

/** What a suite found, and where its time went. */
export interface SuiteReport {
  readonly outcomes: readonly TestOutcome[];
  /** Seconds of each file, with what it sets up and takes down. */
  readonly secondsByFile: ReadonlyMap<string, number>;
}

interface Case {
  readonly "@name": string;
  readonly "@file": string;
  readonly failure?: readonly { readonly "#text"?: string; readonly "@message"?: string }[];
  readonly error?: readonly { readonly "#text"?: string; readonly "@message"?: string }[];
  readonly skipped?: readonly unknown[];
}

interface Group {
  readonly "@name": string;
  readonly "@time"?: string;
  readonly testsuite?: readonly Group[];
  readonly testcase?: readonly Case[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseAttributeValue: false,
  parseTagValue: false,
  isArray: (name) => ["testsuite", "testcase", "failure", "error", "skipped"].includes(name),
});

/** All tests of the report. Throws when the text is no such report. */
export function readReport(xml: string): SuiteReport {
  const { testsuites } = parser.parse(xml) as { testsuites?: { testsuite?: readonly Group[] } };
  if (testsuites === undefined || !xml.trimEnd().endsWith("</testsuites>")) throw new Error("The report of the tests is broken off.");
  // The outermost groups are the files, which each case names anyway.
  const files = testsuites.testsuite ?? [];
  return {
    outcomes: files.flatMap((file) => outcomesIn(file, [])),
    secondsByFile: new Map(files.map((file) => [file["@name"], Number(file["@time"] ?? 0)])),
  };
}

function outcomesIn(group: Group, path: readonly string[]): TestOutcome[] {
  const own = (group.testcase ?? []).map((one) => outcomeOf(one, path));
  return [...own, ...(group.testsuite ?? []).flatMap((inner) => outcomesIn(inner, [...path, inner["@name"]]))];
}

function outcomeOf(one: Case, path: readonly string[]): TestOutcome {
  const [problem] = [...(one.failure ?? []), ...(one.error ?? [])];
  const state = problem !== undefined ? "failed" : one.skipped !== undefined ? "skipped" : "passed";
  return {
    name: [...path, one["@name"]].join(" > "),
    file: one["@file"],
    state,
    message: withNumbered(problem?.["#text"] ?? problem?.["@message"] ?? ""),
  };
}

/** Bun writes line ends inside of texts as numbers, which the parser leaves as they are. */
function withNumbered(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}
