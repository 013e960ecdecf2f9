import type { WindowsCalls, WindowsRegistry } from "@hauswart/agent/os/windows/calls.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { securityCenter } from "@hauswart/agent/readers/security-center.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { Profile, ReadProfiles } from "./profiles.ts";

const local = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy";
const policy = "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall";
const product = "Windows Defender Firewall";
/** Key names of the local settings and of the group policy ([MS-GPFAS] 2.2.2). */
const profiles = [
  { name: "domain", local: "DomainProfile", policy: "DomainProfile" },
  { name: "private", local: "StandardProfile", policy: "PrivateProfile" },
  { name: "public", local: "PublicProfile", policy: "PublicProfile" },
] as const;
/** DefaultInboundAction: 0 lets in what no rule speaks of. */
const letsIn = 0;

export const readProfiles: ReadProfiles = async (os) => {
  const calls = await os.windows();
  const { other, doubt } = await otherProduct(os, calls);
  if (other !== undefined)
    return profiles.map(({ name }) => ({ ...of(name), state: "other-product", program: clip(other, textLimit), byPolicy: false }));
  const isRunning = await serviceRuns(calls);
  const read = await Promise.all(profiles.map((keys) => readProfile(calls.registry, keys, isRunning)));
  return read.map((profile) =>
    doubt !== "" && profile.state !== "on" ? { ...profile, state: "not-told", detail: clip(doubt, textLimit) } : profile,
  );
};

const of = (name: string) => ({ name, detail: "", onByItself: true });

async function readProfile(registry: WindowsRegistry, keys: (typeof profiles)[number], isRunning: boolean): Promise<Profile> {
  const [ordered, own] = await Promise.all([registry.values(`${policy}\\${keys.policy}`), registry.values(`${local}\\${keys.local}`)]);
  const byPolicy = typeof ordered?.get("EnableFirewall") === "number";
  const value = (name: string) => ordered?.get(name) ?? own?.get(name);
  const enabled = value("EnableFirewall");
  const common = { ...of(keys.name), program: product, byPolicy };
  if (!isRunning) return { ...common, state: "off", detail: "The service mpssvc does not run." };
  if (typeof enabled !== "number") return { ...common, state: "not-told", detail: "The registry does not tell." };
  if (enabled === 0) return { ...common, state: "off" };
  return value("DefaultInboundAction") === letsIn
    ? { ...common, state: "open", detail: "DefaultInboundAction allows what no rule speaks of." }
    : { ...common, state: "on" };
}

/** The filtering platform does nothing while its service stands. */
async function serviceRuns({ services }: WindowsCalls): Promise<boolean> {
  const service = (await services.list()).find(({ name }) => name.toLowerCase() === "mpssvc");
  return service === undefined || service.state === "running" || service.state === "start-pending";
}

interface Others {
  /** A firewall of another maker that has told the Security Center that it is on, and whose program is there. */
  readonly other?: string;
  /** Why there may be one all the same; empty where there is none. */
  readonly doubt: string;
}

async function otherProduct(os: Os, calls: WindowsCalls): Promise<Others> {
  try {
    const products = await securityCenter(os, calls, "FirewallProduct");
    const on = products.filter(({ says, program }) => says?.state === "active" && program !== "gone");
    const other = on.find(({ program }) => program === "there")?.name;
    const doubtful = on[0] ?? products.find(({ says, program }) => says === undefined && program !== "gone");
    const doubt = doubtful ? `Windows Security Center lists ${doubtful.name}, and nothing shows that it is there and on.` : "";
    return other === undefined ? { doubt } : { other, doubt: "" };
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    // Servers have no Security Center.
    return { doubt: error.code === "COLLECT_UNSUPPORTED" ? "" : `Windows Security Center does not answer: ${error.message}` };
  }
}
