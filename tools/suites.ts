/** The suites of tests, and which file belongs to which. Every test file belongs to exactly one, by its name and place. */
import { isTest, projectFiles } from "./sources.ts";

export interface Suite {
  readonly name: string;
  readonly takes: (path: string) => boolean;
  /** A suite that is not done by then is killed, and has failed. */
  readonly timeoutSeconds: number;
  /** For a test that names no time of its own. */
  readonly testTimeoutMs: number;
  /** Needs no database, browser or machine. */
  readonly isPlain: boolean;
  /** Sleeps, boots and is killed more than it computes: begun first, it takes little from what computes beside it. */
  readonly waits: boolean;
  /** Browsers break off whatever they are loading when a network interface comes or goes, as those of test machines do all the time. */
  readonly hasOwnNetwork: boolean;
}

const kindOf = (path: string): string => /\.(database|browser|views|machine|windows)\.test\.tsx?$/.exec(path)?.[1] ?? "plain";
const isWholeSystem = (path: string): boolean => path.startsWith("tests/") && kindOf(path) === "plain";
/** Kills servers, databases and disks under load. */
const isSurvival = (path: string): boolean => path.startsWith("tests/survival/");
/** Who may what: slow by design, because guessing passwords is. */
const isAboutAccess = (path: string): boolean => /^(packages\/server\/src\/access|tests\/tenancy)\//.test(path);

const plain = { timeoutSeconds: 300, testTimeoutMs: 20_000, isPlain: true, waits: false, hasOwnNetwork: false };
const furnished = { timeoutSeconds: 1_800, testTimeoutMs: 120_000, isPlain: false, waits: false, hasOwnNetwork: false };
const wholeSystem = { timeoutSeconds: 1_200, testTimeoutMs: 180_000, isPlain: false, waits: false, hasOwnNetwork: false };

const homes: Readonly<Record<string, RegExp>> = { features: /^features\//, agent: /^packages\/agent\//, server: /^packages\/server\// };

function plainSuite(name: string): Suite {
  const isHere = (path: string): boolean => homes[name]?.test(path) ?? !Object.values(homes).some((home) => home.test(path));
  return { ...plain, name, takes: (path) => !isWholeSystem(path) && kindOf(path) === "plain" && isHere(path) };
}

function furnishedSuite(name: string): Suite {
  return { ...furnished, name, takes: (path) => kindOf(path) === name };
}

/** In the order in which they start: what waits, then those that take longest first. What computes without a pause fills the end. */
export const suites: readonly Suite[] = [
  { ...furnishedSuite("machine"), waits: true },
  { ...wholeSystem, name: "survival", takes: (path) => isWholeSystem(path) && isSurvival(path), waits: true },
  { ...furnishedSuite("views"), timeoutSeconds: 2_700, hasOwnNetwork: true },
  { ...furnished, name: "database", takes: (path) => kindOf(path) === "database" && !isAboutAccess(path) },
  { ...furnishedSuite("browser"), hasOwnNetwork: true },
  { ...wholeSystem, name: "stories", takes: (path) => isWholeSystem(path) && !isSurvival(path) },
  { ...furnishedSuite("windows"), testTimeoutMs: 180_000 },
  { ...furnished, name: "access", takes: (path) => kindOf(path) === "database" && isAboutAccess(path) },
  plainSuite("agent"),
  plainSuite("features"),
  plainSuite("unit"),
  plainSuite("server"),
];

/** A suite's files in the project, sorted. */
export function filesOf(suite: Suite, root: string): string[] {
  return projectFiles(root).filter((path) => isTest(path) && suite.takes(path));
}
