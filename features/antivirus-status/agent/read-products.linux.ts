import { runsSystemd } from "@hauswart/agent/readers/systemd/runs-systemd.linux.ts";
import { makeProduct, type Product, type ReadProducts } from "./product.ts";
import { clamavUnits, readClamav } from "./read-clamav.linux.ts";
import { isRunning, isStarting, readUnits, type Units } from "./units.linux.ts";

interface KnownProduct {
  readonly product: string;
  /** Its services, as systemd names them, without `.service`. */
  readonly services: readonly string[];
  /** It decides by behaviour and its maker's servers, not by signatures on the computer. */
  readonly withoutSignatures?: boolean;
}

/** Services as their makers' own manuals for Linux name them. */
const knownProducts: readonly KnownProduct[] = [
  { product: "Bitdefender", services: ["bdsec"] },
  { product: "Cisco Secure Endpoint", services: ["cisco-amp"] },
  { product: "Cortex XDR", services: ["traps_pmd"], withoutSignatures: true },
  { product: "CrowdStrike Falcon", services: ["falcon-sensor"], withoutSignatures: true },
  { product: "Dr.Web", services: ["drweb-configd"] },
  { product: "ESET", services: ["eea", "efs"] },
  { product: "Kaspersky", services: ["kesl", "kesl-supervisor"] },
  { product: "Microsoft Defender for Endpoint", services: ["mdatp"] },
  { product: "SentinelOne", services: ["sentinelone"], withoutSignatures: true },
  { product: "Sophos", services: ["sophos-spl", "sav-protect"] },
  { product: "Symantec", services: ["sisamddaemon"] },
  { product: "Trellix", services: ["mfetpd"] },
  { product: "Trend Micro", services: ["ds_agent"] },
  { product: "WithSecure", services: ["withsecure", "f-secure-linuxsecurity"] },
];

export const readProducts: ReadProducts = async (os) => {
  if (!(await runsSystemd(os))) return { noData: "no-systemd" };
  const units = await readUnits(os, [...clamavUnits, ...knownProducts.flatMap(({ services }) => services)]);
  const clamav = await readClamav(os, units);
  const others = knownProducts.map((known) => byService(known, units));
  return { ok: [clamav, ...others].filter((product) => product !== undefined) };
};

function byService({ product, services, withoutSignatures = false }: KnownProduct, units: Units): Product | undefined {
  const found = units.fitting(new RegExp(`^(?:${services.join("|")})\\.service$`));
  if (found.length === 0) return undefined;
  const runs = found.some(isRunning);
  const starts = !runs && found.some(isStarting);
  return makeProduct({
    product,
    source: "service",
    state: runs ? "active" : starts ? "unknown" : "off",
    engine: runs ? "running" : starts ? "unknown" : "not-running",
    signatures: withoutSignatures ? "not-used" : "not-told",
    problem: starts ? "The service is starting." : "",
  });
}
