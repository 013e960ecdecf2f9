import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { RegistryValue } from "@hauswart/agent/os/windows/calls.ts";
import { judgeIptables, readProfiles as linux } from "./read-profiles.linux.ts";
import { readProfiles as macos } from "./read-profiles.macos.ts";
import { readProfiles as windows } from "./read-profiles.windows.ts";
import { judgeRuleset } from "./ruleset.linux.ts";

const table = { family: "inet", table: "filter" };
const input = (policy: string) => ({ chain: { ...table, name: "input", type: "filter", hook: "input", prio: 0, policy } });
const rule = (chain: string, ...expr: object[]) => ({ rule: { ...table, chain, expr } });
const ruleset = (...items: object[]) =>
  JSON.stringify({ nftables: [{ metainfo: { version: "1.0.6" } }, { table: { family: "inet", name: "filter" } }, ...items] });
const accept = { accept: null };
const port = { match: { op: "==", left: { payload: { protocol: "tcp", field: "dport" } }, right: 22 } };

describe("what nft lists", () => {
  test.each<[string, string, object | undefined]>([
    ["nothing", ruleset(), { hasRules: false, filters: false }],
    ["a chain that drops what no rule speaks of", ruleset(input("drop"), rule("input", port, accept)), { hasRules: true, filters: true }],
    ["an empty chain that drops", ruleset(input("drop")), { hasRules: true, filters: true }],
    ["a rule that drops", ruleset(input("accept"), rule("input", { drop: null })), { hasRules: true, filters: true }],
    ["a rule that refuses", ruleset(input("accept"), rule("input", { reject: { type: "icmpx" } })), { hasRules: true, filters: true }],
    ["only what is allowed", ruleset(input("accept"), rule("input", port, accept)), { hasRules: true, filters: false }],
    ["rules for what goes through, as of containers", ruleset(rule("forward", { drop: null })), { hasRules: true, filters: false }],
    [
      "a chain that is jumped to",
      ruleset(
        input("accept"),
        rule("input", { jump: { target: "ufw" } }),
        rule("ufw", { goto: { target: "end" } }),
        rule("end", { drop: null }),
      ),
      { hasRules: true, filters: true },
    ],
    [
      "chains that jump in a circle",
      ruleset(input("accept"), rule("input", { jump: { target: "a" } }), rule("a", { jump: { target: "input" } })),
      { hasRules: true, filters: false },
    ],
    ["no list at all", "Error: syntax error", undefined],
    ["another list", "[]", undefined],
  ])("%s", (_, text, expected) => {
    expect(judgeRuleset(text)).toEqual(expected as never);
  });
});

describe("what iptables-save lists", () => {
  test.each<[string, string, object]>([
    ["nothing", "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n", { hasRules: false, filters: false }],
    ["a policy that drops", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", { hasRules: true, filters: true }],
    [
      "a rule that refuses",
      ":INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j REJECT --reject-with tcp-reset\n",
      { hasRules: true, filters: true },
    ],
    ["ufw's chains", ":INPUT ACCEPT [0:0]\n-A ufw-user-input -p tcp --dport 23 -j DROP\n", { hasRules: true, filters: true }],
    ["rules of containers", ":INPUT ACCEPT [0:0]\n-A FORWARD -j DROP\n", { hasRules: true, filters: false }],
  ])("%s", (_, text, expected) => {
    expect(judgeIptables(text)).toEqual(expected as never);
  });
});

describe("Linux", () => {
  interface Computer {
    firewalld?: boolean;
    ufw?: string;
    nft?: string;
    iptables?: string;
  }
  const osOf = ({ firewalld, ufw, nft, iptables }: Computer): Os => {
    const programs: Record<string, string | undefined> = { nft, "iptables-save": iptables };
    return {
      systemBus: async () => {
        if (firewalld === undefined) throw new OsError("COLLECT_UNREADABLE", "no D-Bus");
        return { call: async () => [firewalld] };
      },
      readFile: async (path: string) => {
        if (ufw === undefined) throw new OsError("COLLECT_UNREADABLE", path);
        return `# ufw\nENABLED=${ufw}\nLOGLEVEL=low\n`;
      },
      run: async (program: string) => {
        const stdout = programs[program];
        if (stdout === undefined) throw new OsError("COLLECT_UNSUPPORTED", `there is no program ${program}`);
        return { exitCode: 0, stdout, stderr: "" };
      },
    } as unknown as Os;
  };
  test.each<[string, Computer, string]>([
    ["firewalld", { firewalld: true }, "on firewalld"],
    ["ufw that was loaded", { ufw: "yes", nft: ruleset(input("drop")) }, "on ufw"],
    ["ufw that is on but not loaded", { ufw: "yes", nft: ruleset() }, "off "],
    ["ufw without a program to look", { firewalld: false, ufw: "yes" }, "on ufw"],
    ["own rules", { ufw: "no", nft: ruleset(input("drop")) }, "on nftables"],
    ["own rules of iptables", { iptables: ":INPUT DROP [0:0]\n" }, "on iptables"],
    ["rules that let everything in", { nft: ruleset(input("accept"), rule("input", accept)) }, "open nftables"],
    ["no rules", { nft: ruleset() }, "off "],
    ["nobody to ask", {}, "not-told "],
  ])("%s", async (_, computer, expected) => {
    const [profile] = await linux(osOf(computer));
    expect(`${profile!.state} ${profile!.program}`).toBe(expected);
  });

  /** nft with a long blocklist, which these versions leave out of the list. */
  const nftWithBlocklist = (version: "0.9.0" | "0.9.3" | "1.0.6"): Os["run"] => {
    const set = { set: { family: "inet", name: "blocked", elem: Array.from({ length: 100_000 }, (_, index) => `made-up-${index}`) } };
    return async (program, words, options) => {
      if (program !== "nft") throw new OsError("COLLECT_UNSUPPORTED", `there is no program ${program}`);
      if (version === "0.9.0" && words.includes("-t")) return { exitCode: 1, stdout: "", stderr: "nft: invalid option -- 't'" };
      const isShort = version === "1.0.6" && words.includes("-t");
      const stdout = ruleset(input("drop"), ...(isShort ? [] : [set]));
      if (stdout.length > (options?.limitBytes ?? 1_048_576)) throw new OsError("COLLECT_OUTPUT_TOO_LARGE", "nft wrote too much");
      return { exitCode: 0, stdout, stderr: "" };
    };
  };
  // Without -t (Debian 10), with one that does nothing to JSON (Ubuntu 20.04, Red Hat 8), and with one that does.
  test.each(["0.9.0", "0.9.3", "1.0.6"] as const)("a long blocklist, listed by nft %s", async (version) => {
    expect(await linux({ ...osOf({}), run: nftWithBlocklist(version) })).toMatchObject([{ state: "on", program: "nftables" }]);
  });
});

describe("Windows", () => {
  const local = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\";
  const policy = "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\";
  type Keys = Record<string, Record<string, RegistryValue>>;
  const allOn = Object.fromEntries(
    ["DomainProfile", "StandardProfile", "PublicProfile"].map((name) => [`${local}${name}`, { EnableFirewall: 1 }]),
  );
  const programs = ["C:\\Program Files\\ESET\\ecmd.exe"];
  const states = async (keys: Keys, service = "running", products?: object[], code: OsError["code"] = "COLLECT_UNSUPPORTED") => {
    const os = {
      fileInfo: async (path: string) => (programs.includes(path) ? { kind: "file", sizeBytes: 1, modifiedAtMs: 0 } : undefined),
      windows: async () => ({
        registry: { values: async (key: string) => keys[key] && new Map(Object.entries(keys[key])) },
        services: { list: async () => [{ name: "MpsSvc", state: service }] },
        wmi: async () => {
          if (!products) throw new OsError(code, "invalid namespace");
          return products;
        },
      }),
    } as unknown as Os;
    return (await windows(os)).map(
      ({ name, state, byPolicy, program }) =>
        `${name} ${state}${byPolicy ? " by policy" : ""}${program.startsWith("Windows") ? "" : ` ${program}`}`,
    );
  };
  test("all profiles on", async () => {
    expect(await states(allOn)).toEqual(["domain on", "private on", "public on"]);
  });
  test("one is off, one lets everything in, one is not told", async () => {
    const keys = {
      [`${local}DomainProfile`]: { EnableFirewall: 0 },
      [`${local}StandardProfile`]: { EnableFirewall: 1, DefaultInboundAction: 0 },
    };
    expect(await states(keys)).toEqual(["domain off", "private open", "public not-told"]);
  });
  test("a group policy wins over the local settings", async () => {
    const keys = { ...allOn, [`${policy}DomainProfile`]: { EnableFirewall: 0 }, [`${policy}PrivateProfile`]: { DefaultInboundAction: 1 } };
    expect(await states(keys)).toEqual(["domain off by policy", "private on", "public on"]);
  });
  test("while the service stands, nothing is filtered", async () => {
    expect(await states(allOn, "stopped")).toEqual(["domain off", "private off", "public off"]);
  });
  describe("another product", () => {
    const on = 0x04_1000;
    const product = (productState: number, pathToSignedProductExe: string | null = programs[0]!) => ({
      displayName: "ESET Firewall",
      productState,
      pathToSignedProductExe,
    });
    const allOff = Object.fromEntries(Object.keys(allOn).map((key) => [key, { EnableFirewall: 0 }]));
    test.each<[string, object[], Keys, string]>([
      ["has taken over, when it is there and says that it is on", [product(on)], allOff, "other-product ESET Firewall"],
      ["is off", [product(0x04_0000)], allOn, "on"],
      ["was uninstalled and is still listed as on", [product(on, "C:\\Program Files\\gone.exe")], allOff, "off"],
      ["is listed as on, and nothing shows it", [product(on, null)], allOff, "not-told"],
      ["is listed as on, and nothing shows it, while Windows' own filters", [product(on, "\\\\server\\x.exe")], allOn, "on"],
      ["contradicts itself", [product(on), product(0x04_0000)], allOff, "not-told"],
    ])("%s", async (_, products, keys, expected) => {
      expect(await states(keys, "running", products)).toEqual(["domain", "private", "public"].map((name) => `${name} ${expected}`));
    });
    test("may be what a Security Center that does not answer knows of", async () => {
      const asked = (keys: Keys) => states(keys, "running", undefined, "COLLECT_TIMED_OUT");
      expect(await asked(allOff)).toEqual(["domain not-told", "private not-told", "public not-told"]);
      expect(await asked(allOn)).toEqual(["domain on", "private on", "public on"]);
    });
  });
});

describe("macOS", () => {
  const mac = (globalState: number | undefined, said = "") =>
    ({
      readFile: async (path: string) => {
        if (globalState === undefined) throw new OsError("COLLECT_UNREADABLE", path);
        return `<plist version="1.0"><dict><key>globalstate</key><integer>${globalState}</integer></dict></plist>`;
      },
      run: async () => ({ exitCode: 0, stdout: said, stderr: "" }),
    }) as unknown as Os;
  test.each<[string, Os, string]>([
    ["on", mac(1), "on"],
    ["on for everything", mac(2), "on"],
    ["off", mac(0), "off"],
    ["on, asked on macOS 15", mac(undefined, "Firewall is enabled. (State = 1)\n"), "on"],
    ["off, asked on macOS 15", mac(undefined, "Firewall is disabled. (State = 0)\n"), "off"],
    ["without an answer", mac(undefined, "You must be root\n"), "not-told"],
  ])("%s", async (_, os, state) => {
    expect(await macos(os)).toMatchObject([{ name: "system", state, onByItself: false }]);
  });
});
