/**
 * Who may lean on whom. Every source file belongs to the first zone whose pattern fits; what a zone may not, it may not.
 * Patterns are globs over Import.target; `{feature}` stands for the importing file's own feature.
 */

export interface Ban {
  readonly to: readonly string[];
  readonly why: string;
}

export interface Zone {
  readonly name: string;
  readonly files: readonly string[];
  readonly may: readonly string[];
  /** Narrower than `may`, and stronger. */
  readonly bans?: readonly Ban[];
  /** Said of everything that is not in `may`. */
  readonly why: string;
}

const protocol = "packages/protocol/src/**";
const calendar = "packages/calendar/src/**";
const registry = (part: string): string => `features/registry/${part}.ts`;
const npm = ["npm:*", "npm:*/*"];
const runtime = ["node:*", "node:*/*", "bun", "bun:*", "Bun.*"];
const ownDeclaration = ["features/{feature}/{protocol,messages}.ts", "features/{feature}/protocol/**"];

const noFeature: Ban = {
  to: ["features/**"],
  why: "the platform knows no feature; features reach it through the generated registries, imported by entry points alone",
};
const noTestkit: Ban = { to: ["packages/testkit/**"], why: "what is shipped does not lean on the tools of the tests" };

const systemModules = ["child_process", "cluster", "dgram", "dns", "dns/*", "http", "http2", "https", "net", "tls", "vm", "worker_threads"];
const systemMembers = ["$", "computed", "connect", "dlopen", "listen", "serve", "spawn", "spawnSync", "udpSocket", "Terminal"];

/** What opens the customer's computer: programs, native calls, sockets. */
const systemDoors: Ban = {
  to: ["bun:ffi", "bun:jsc", "bun:sqlite"].concat(
    systemModules.map((name) => `node:${name}`),
    systemMembers.map((name) => `Bun.${name}`),
  ),
  why: "the agent runs with all rights on customers' computers: packages/agent/src/os is its only door to programs, native calls and sockets",
};

const browserOnly: Ban = { to: runtime, why: "the console runs in a browser" };
const consoleOnApi: Ban = {
  to: ["packages/server/**", "packages/agent/**", "packages/simulator/**", "features/*/{server,agent}/**"],
  why: "the console stands on the HTTP API and nothing else, so whatever it can do, a script can do",
};

/** Files that load what has no name in the sources, and why they may. */
export const computedNames: Readonly<Record<string, string>> = {
  "packages/agent/src/update/start.ts": "loads the application that an update brought, once its signature was checked",
  "packages/agent/src/update/watchdog.ts": "starts a thread of some lines that stand in the same file",
  "packages/agent/src/os/windows/service-session.windows.ts": "starts a thread of ten lines that stand in the same file",
  "packages/agent/src/os/windows/slow-worker.ts": "starts a thread of which it is itself the program",
};

export const zones: readonly Zone[] = [
  {
    name: "tests of a package",
    files: ["packages/**/*.test.{ts,tsx}"],
    may: ["packages/**", "features/registry/*.ts", "tools/**", ...npm, "virtual:*", ...runtime],
    bans: [{ to: ["features/**"], why: "the platform knows no feature; a test of the platform declares a check of its own" }],
    why: "a test of a package knows packages and tools",
  },
  {
    name: "tests over all features",
    files: ["features/*.test.{ts,tsx}"],
    may: ["features/**", "packages/**", "tools/**", ...npm, ...runtime],
    why: "a test over all features knows features, packages and tools",
  },
  {
    name: "tests of a feature",
    files: ["features/*/**/*.test.{ts,tsx}"],
    may: ["features/{feature}/**", "packages/**", ...npm, ...runtime],
    why: "a feature is tested without the others, so that it can be taken out",
  },
  {
    name: "protocol",
    files: [protocol],
    may: [protocol, "npm:zod"],
    bans: [{ to: runtime, why: "agent, server and browser share the protocol, so it leans on no runtime" }],
    why: "the protocol is the ground that everything stands on and stands on nothing but zod",
  },
  {
    name: "calendar",
    files: [calendar],
    may: [calendar],
    bans: [{ to: runtime, why: "working time is reckoned in agent, server and browser alike, so it leans on no runtime" }],
    why: "working time is pure: it stands on nothing",
  },
  {
    name: "agent's entry",
    files: ["packages/agent/src/main.ts"],
    may: ["packages/agent/**", protocol, registry("agent"), registry("protocol"), ...npm, ...runtime],
    bans: [systemDoors],
    why: "the agent is its host, the protocol and the registered collectors",
  },
  {
    name: "agent's door to the system",
    files: ["packages/agent/src/os/**"],
    may: ["packages/agent/**", protocol, ...npm, ...runtime],
    bans: [noFeature],
    why: "the agent carries nothing of the server or the console to customers' computers",
  },
  {
    name: "agent",
    files: ["packages/agent/src/**"],
    may: ["packages/agent/**", protocol, ...npm, ...runtime],
    bans: [systemDoors, noFeature],
    why: "the agent carries nothing of the server or the console to customers' computers",
  },
  {
    name: "server's entry",
    files: ["packages/server/src/main.ts", "packages/server/src/replay/replay-process.ts"],
    may: [
      "packages/server/**",
      "packages/agent/src/{clock.ts,outside/**}",
      protocol,
      calendar,
      ...["server", "protocol", "agent"].map(registry),
      ...npm,
      ...runtime,
    ],
    why: "the server is its host, the protocol, the registered judges, and what of the agent measures from where the server stands",
  },
  {
    name: "server",
    files: ["packages/server/**"],
    may: ["packages/server/**", protocol, calendar, ...npm, ...runtime],
    bans: [noFeature, noTestkit],
    why: "the server knows the agent and the console only through the protocol",
  },
  {
    name: "console's entry",
    files: ["packages/console/src/main.tsx", "packages/console/src/features/cards.ts"],
    may: ["packages/console/src/**", protocol, registry("console"), registry("protocol"), ...npm, "virtual:*"],
    bans: [browserOnly, consoleOnApi],
    why: "the console is its shell, the protocol and the registered cards",
  },
  {
    name: "console",
    files: ["packages/console/src/**", "packages/console/public/**"],
    may: ["packages/console/src/**", protocol, ...npm, "virtual:*"],
    bans: [browserOnly, consoleOnApi, noFeature, noTestkit],
    why: "the console stands on the protocol's types and on what a browser has",
  },
  {
    name: "console's build",
    files: ["packages/console/*.ts", "packages/console/vite/**"],
    may: ["packages/console/**", protocol, ...npm, ...runtime],
    why: "the build of the console knows the console",
  },
  {
    name: "console's workshop",
    files: ["packages/console/{dev,tests}/**"],
    may: ["packages/**", "features/registry/*.ts", "tools/**", ...npm, ...runtime],
    bans: [{ to: ["features/**"], why: "the platform knows no feature; the stand-in for the server takes them from the registries" }],
    why: "what stands in for a server when the console is tried may use whole packages",
  },
  {
    name: "simulator's entry",
    files: ["packages/simulator/src/main.ts"],
    may: ["packages/simulator/src/**", "packages/agent/src/**", protocol, registry("simulator"), registry("protocol"), ...npm, ...runtime],
    why: "the simulator is its host, the agent, the protocol and the registered checks",
  },
  {
    name: "simulator",
    files: ["packages/simulator/src/**"],
    may: ["packages/simulator/src/**", "packages/agent/src/**", protocol, ...npm, ...runtime],
    bans: [{ to: ["packages/agent/src/os/**"], why: "a simulated computer has no system to open" }, noFeature, noTestkit],
    why: "simulated computers run the agent's own link and know the server through the protocol alone",
  },
  {
    name: "testkit",
    files: ["packages/testkit/src/**"],
    may: ["packages/**", "features/registry/*.ts", ...npm, ...runtime],
    why: "tests are furnished with whole packages and the registered features",
  },
  {
    name: "feature's declaration",
    files: ["features/*/{protocol,messages}.ts", "features/*/protocol/**"],
    may: [protocol, ...ownDeclaration, "npm:zod"],
    bans: [{ to: runtime, why: "a declaration is read by agent, server and browser, so it leans on no runtime" }],
    why: "a feature declares itself in the protocol's words and without any other feature",
  },
  {
    name: "feature's agent side",
    files: ["features/*/agent/**"],
    may: [
      protocol,
      ...ownDeclaration,
      "features/{feature}/agent/**",
      "packages/agent/src/{collector,os/os}.ts",
      "packages/agent/src/os/{macos,windows}/calls.ts",
      "packages/agent/src/os/macos/plist.ts",
      "packages/agent/src/readers/**",
      "npm:zod",
    ],
    bans: [
      { to: runtime, why: "a collector reads the system through packages/agent/src/os alone, so that it can be tested on recorded input" },
    ],
    why: "a collector leans on its own feature and on the agent's public modules (collector.ts, os/os.ts, the systems' calls.ts, readers)",
  },
  {
    name: "feature's server side",
    files: ["features/*/server/**"],
    may: [
      protocol,
      ...ownDeclaration,
      "features/{feature}/server/**",
      "features/*/server/api.ts",
      "packages/server/src/services.ts",
      "npm:zod",
    ],
    bans: [{ to: runtime, why: "a judge is pure: what it needs to know is handed to it" }],
    why: "a feature's server side leans on its own feature, the server's public module (services.ts) and other features' server/api.ts",
  },
  {
    name: "feature's console side",
    files: ["features/*/console/**"],
    may: [
      protocol,
      ...ownDeclaration,
      "features/{feature}/console/**",
      "features/*/console/api.ts",
      "packages/console/src/{components,features,texts,theme}/**",
      ...npm,
    ],
    bans: [browserOnly, consoleOnApi],
    why: "a card leans on its own feature, the console's public folders (components, features, texts, theme) and other features' console/api.ts",
  },
  {
    name: "feature's simulation",
    files: ["features/*/simulate.ts"],
    may: [protocol, ...ownDeclaration, "packages/simulator/src/**", "npm:zod"],
    why: "a simulated check leans on its own declaration and on the simulator",
  },
  {
    name: "tools, benchmarks and whole-system tests",
    files: ["tools/**", "bench/**", "tests/**"],
    may: ["tools/**", "bench/**", "tests/**", "packages/**", "features/**", ...npm, "virtual:*", ...runtime],
    why: "they may use the whole project",
  },
];
