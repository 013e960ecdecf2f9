/** Browser and system out of what a browser says of itself: enough to tell one's own sessions apart, and no more. */

/** The more special before those that they claim to be as well. */
const browsers: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["Edge", /Edg(?:e|A|iOS)?\//],
  ["Opera", /OPR\//],
  ["Samsung Internet", /SamsungBrowser\//],
  ["Firefox", /(?:Firefox|FxiOS)\//],
  ["Chrome", /(?:Chrome|CriOS|Chromium)\//],
  // A page on the home screen of an iPhone names no browser; every browser there is WebKit.
  ["Safari", /Safari\/|(?:iPhone|iPad).*AppleWebKit\//],
  ["curl", /^curl\//],
];
const systems: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Android", /Android/],
  ["Windows", /Windows NT/],
  ["macOS", /Mac OS X|Macintosh/],
  ["ChromeOS", /CrOS/],
  ["Linux", /Linux|X11/],
];

const firstOf = (list: readonly (readonly [string, RegExp])[], userAgent: string) =>
  list.find(([, pattern]) => pattern.test(userAgent))?.[0];

/** Each undefined when it is not known. */
export interface Browser {
  readonly browser: string | undefined;
  readonly system: string | undefined;
}

export function browserOf(userAgent: string): Browser {
  return { browser: firstOf(browsers, userAgent), system: firstOf(systems, userAgent) };
}

/** Whether it is a browser that people use, rather than a program. */
export const isWhole = ({ browser, system }: Browser): boolean => browser !== undefined && system !== undefined;

/** Telephones and tablets that ask for a page's desktop version say that they are computers of their family. */
const families: Readonly<Record<string, string>> = { iPhone: "Apple", iPad: "Apple", macOS: "Apple", Android: "Linux" };
const familyOf = ({ system }: Browser) => system && (families[system] ?? system);

/** Whether two may be one and the same browser on one and the same computer, whatever their versions. */
export function isSameBrowser(one: Browser, other: Browser): boolean {
  return one.browser === other.browser && familyOf(one) === familyOf(other);
}
