/** Browser and system out of what a browser says of itself: enough to tell one's own sessions apart, and no more. */

/** The more special before those that they claim to be as well. */
const browsers: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["Edge", /Edg(?:e|A|iOS)?\//],
  ["Opera", /OPR\//],
  ["Samsung Internet", /SamsungBrowser\//],
  ["Firefox", /(?:Firefox|FxiOS)\//],
  ["Chrome", /(?:Chrome|CriOS|Chromium)\//],
  ["Safari", /Safari\//],
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
export function browserOf(userAgent: string): { readonly browser: string | undefined; readonly system: string | undefined } {
  return { browser: firstOf(browsers, userAgent), system: firstOf(systems, userAgent) };
}
