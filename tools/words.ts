/** What must not get into the project's texts: places of one machine, unfinished business, tests that are switched off by accident. */
import { projectFiles, readSource } from "./sources.ts";

interface Forbidden {
  readonly pattern: RegExp;
  /** Files that the ban does not concern. */
  readonly except?: RegExp;
  readonly why: string;
}

// The patterns are written so that they do not find themselves.
const forbidden: readonly Forbidden[] = [
  { pattern: /(?<![\w}$.])\/(?:work|root|home\/\w+)\/[\w.]/, except: /\/testdata\/|\.(?:test\.tsx?|svg)$/, why: "a path of one machine" },
  { pattern: /\bregistry\.[\w-]+\.(?:org|com|io)\b/, why: "a registry's host; whoever installs chooses it" },
  { pattern: /\b(?:T[O]DO|F[I]XME|X{3}|H[A]CK)\b/, except: /\.svg$/, why: "unfinished business; finish it or open an issue" },
  { pattern: /\b(?:test|describe|it)\.only\(/, why: "switches all other tests off" },
  {
    pattern: /\.skip\(\s*(?:"[^"]*"|'[^']*')/,
    except: /^(?:packages\/testkit\/src\/needs|tools\/run-suite\.test)\.ts$/,
    why: "a test that is always skipped; use testNeeding, which tells why",
  },
  { pattern: /\b(?:issue|ticket) #?\d+\b|\(#\d+\)/i, why: "a number that means nothing outside the tracker; say what it is about" },
  { pattern: /@ts-(?:ignore|nocheck)\b/, why: "hides every error of its line; @ts-expect-error with a reason tells which one" },
];

const binary = /\.(?:png|jpe?g|ico|woff2?|gif|webp|gz|zip|bin)$/;

/** Every forbidden word, as `FILE:LINE …`. */
export function findForbiddenWords(root: string): string[] {
  return projectFiles(root)
    .filter((path) => !binary.test(path) && path !== "LICENSE")
    .flatMap((path) => (path === "package-lock.json" ? registryHosts(readSource(root, path)) : wordsIn(path, readSource(root, path))));
}

function wordsIn(path: string, text: string): string[] {
  const concerned = forbidden.filter(({ except }) => !except?.test(path));
  if (!concerned.some(({ pattern }) => pattern.test(text))) return [];
  return text.split("\n").flatMap((line, index) =>
    concerned.flatMap(({ pattern, why }) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1} has "${found}": ${why}`];
    }),
  );
}

/** The lock file names versions and their hashes; where they come from is the installing machine's business. */
function registryHosts(text: string): string[] {
  const hosts = new Set([...text.matchAll(/"resolved": "(\w+:\/\/[^/"]+)/g)].map((match) => match[1]));
  return [...hosts].map((host) => `package-lock.json names the registry ${host}; install with omit-lockfile-registry-resolved`);
}
