import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { readIfThere } from "@hauswart/agent/readers/if-there.ts";
import { judgeRuleset } from "./ruleset.linux.ts";
import type { Profile, ReadProfiles } from "./profiles.ts";

/** Distributions come with firewalls that are off, or with none: whether one is needed is a choice. */
const common = { name: "system", onByItself: false, byPolicy: false };
const told = (state: Profile["state"], program: string, detail = ""): readonly Profile[] => [{ ...common, state, program, detail }];

/** Who keeps the rules says it best; without such a program the kernel's own rules are looked at. */
export const readProfiles: ReadProfiles = async (os) => {
  if (await firewalldRuns(os)) return told("on", "firewalld");
  const ufw = /^ENABLED=(\w+)/m.exec((await readIfThere(os, "/etc/ufw/ufw.conf")) ?? "")?.[1];
  // Its rules are in the kernel when its own chains are; the setting alone may not have been loaded.
  const rules = await kernelRules(os);
  if (ufw?.toLowerCase() === "yes" && (rules === undefined || rules.filters)) return told("on", "ufw");
  if (rules?.filters) return told("on", rules.program);
  if (rules?.hasRules) return told("open", rules.program, "No chain for incoming traffic keeps anything out.");
  if (rules) return told("off", "");
  if (ufw?.toLowerCase() === "no") return told("not-told", "", "ufw is off; neither nft nor iptables is there to list the kernel's rules.");
  return told("not-told", "", "Neither firewalld nor ufw is there, nor nft or iptables to list the kernel's rules.");
};

async function firewalldRuns(os: Os): Promise<boolean> {
  try {
    const bus = await os.systemBus();
    const [hasOwner] = await bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner", "s", [
      "org.fedoraproject.FirewallD1",
    ]);
    return hasOwner === true;
  } catch (error) {
    if (error instanceof OsError) return false;
    throw error;
  }
}

/** Some ten thousand rules. */
const rulesLimitBytes = 8 * 1024 * 1024;

interface KernelRules {
  readonly program: string;
  readonly hasRules: boolean;
  /** Whether something that comes in is dropped or refused. */
  readonly filters: boolean;
}

/** Lists the rules, once an hour; undefined where no program for it is there, or none may. */
async function kernelRules(os: Os): Promise<KernelRules | undefined> {
  // -t leaves out what sets hold: blocklists have tens of thousands of addresses. nft before 0.9.3 does not know it, before 0.9.7 it does nothing to JSON.
  const nft = (await runIfThere(os, "nft", ["-j", "-t", "list", "ruleset"])) ?? (await runIfThere(os, "nft", ["-j", "list", "ruleset"]));
  if (nft !== undefined) {
    const judged = judgeRuleset(nft);
    if (judged) return { program: "nftables", ...judged };
  }
  const [four, six] = [await runIfThere(os, "iptables-save", ["-t", "filter"]), await runIfThere(os, "ip6tables-save", ["-t", "filter"])];
  const text = [four, six].filter((one) => one !== undefined).join("\n");
  if (four === undefined && six === undefined) return undefined;
  return { program: "iptables", ...judgeIptables(text) };
}

/** Reads iptables-save(8): ":INPUT DROP [0:0]" is a chain's policy, "-A INPUT … -j DROP" a rule. */
export function judgeIptables(text: string): { hasRules: boolean; filters: boolean } {
  const hasRules = /^-A /m.test(text) || /^:INPUT (?!ACCEPT)/m.test(text);
  return { hasRules, filters: /^:INPUT DROP/m.test(text) || /^-A \S*(input|INPUT)\S* .*-j (DROP|REJECT)\b/m.test(text) };
}

async function runIfThere(os: Os, program: string, argumentList: readonly string[]): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await os.run(program, argumentList, { limitBytes: rulesLimitBytes });
    return exitCode === 0 ? stdout : undefined;
  } catch (error) {
    if (error instanceof OsError && error.code === "COLLECT_UNSUPPORTED") return undefined;
    throw error;
  }
}
