import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls, WindowsService } from "@hauswart/agent/os/windows/calls.ts";
import { securityCenter } from "@hauswart/agent/readers/security-center.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import { defenderName, readDefender } from "./defender.ts";
import { installedVersion } from "./installed-version.windows.ts";
import { knownProducts, type Details, type KnownProduct } from "./known-windows.ts";
import { makeProduct, type Product, type ReadProducts } from "./product.ts";
import { centerEntry, type CenterEntry } from "./security-center.ts";

export const readProducts: ReadProducts = async (os) => {
  const windows = await os.windows();
  const services = await windows.services.list();
  const center = await readCenter(os, windows).catch(asOsError);
  const defender = await readDefender(windows, services);
  const entries = center instanceof OsError ? undefined : center;
  const listed = entries?.filter(({ isDefender }) => !isDefender) ?? [];
  const known = knownProducts.filter(({ name }) => !listed.some((entry) => name.test(entry.name)));
  const products = [
    ...(await Promise.all(listed.map((entry) => fromCenter(entry, windows, services)))),
    // Security Center knows of programs that registered; on servers there is none.
    ...(await Promise.all(known.map((product) => byService(product, windows, services)))),
    defenderRow(
      defender,
      entries?.find(({ isDefender }) => isDefender),
    ),
  ];
  const found = products.filter((product) => product !== undefined);
  // A Security Center that did not answer may know of a product that nothing else shows, and for which Defender has stepped back.
  if (center instanceof OsError && !found.some(({ state, engine }) => state === "active" && engine !== "not-running")) throw center;
  return { ok: found };
};

function asOsError(error: unknown): OsError {
  if (error instanceof OsError) return error;
  throw error;
}

/** @returns undefined where there is no Security Center: on servers. Throws OsError where it does not answer. */
async function readCenter(os: Os, windows: WindowsCalls): Promise<CenterEntry[] | undefined> {
  try {
    return (await securityCenter(os, windows, "AntiVirusProduct")).map(centerEntry);
  } catch (error) {
    if (error instanceof OsError && error.code === "COLLECT_UNSUPPORTED") return undefined;
    throw error;
  }
}

/** Its own word counts more than what Security Center has of it. */
function defenderRow(own: Product | undefined, entry: CenterEntry | undefined): Product | undefined {
  if (own || !entry) return own;
  return makeProduct({
    product: defenderName,
    source: "security-center",
    isBuiltIn: true,
    state: entry.state,
    signatures: entry.signatures,
  });
}

/** Whether the engine of a known product runs; unknown when none of its services is there. */
function engineOf(known: KnownProduct | undefined, services: readonly WindowsService[]): Product["engine"] {
  const own = known ? services.filter(({ name }) => fitsAny(known.services, name.toLowerCase())) : [];
  if (own.length === 0) return "unknown";
  return own.some(({ state }) => state === "running" || state === "start-pending") ? "running" : "not-running";
}

/**
 * What a registration is worth. A service of the product shows that it is installed; without one its program has to be there, or nothing
 * bears out that it protects.
 */
function borneOut(entry: CenterEntry, engine: Product["engine"]): Pick<Product, "state" | "engine"> & Partial<Product> {
  const { state, program, paths } = entry;
  if (engine !== "unknown" || program === "there") {
    return state === "unknown" ? { state, engine, problem: "Windows Security Center does not tell whether it is on." } : { state, engine };
  }
  if (program === "gone")
    return {
      state: state === "active" || state === "unknown" ? "off" : state,
      engine: "not-running",
      problem: `Windows Security Center still lists it, but its program is not there: ${paths.join(", ")}`,
    };
  const problem = "Windows Security Center lists it, but neither a service nor a program shows that it is there.";
  return { state: state === "active" ? "unknown" : state, engine, problem };
}

async function fromCenter(entry: CenterEntry, windows: WindowsCalls, services: readonly WindowsService[]): Promise<Product> {
  const known = knownProducts.find(({ name }) => name.test(entry.name));
  const found = borneOut(entry, engineOf(known, services));
  const details = known && (await detailsOf(known, windows));
  return makeProduct({
    product: entry.name,
    source: "security-center",
    ...found,
    realTime: found.state === "active" ? "on" : found.state === "unknown" ? "unknown" : "off",
    signatures: known?.withoutSignatures ? "not-used" : entry.signatures,
    ...details,
    problem: found.problem ?? details?.problem ?? "",
  });
}

async function byService(known: KnownProduct, windows: WindowsCalls, services: readonly WindowsService[]): Promise<Product | undefined> {
  const engine = engineOf(known, services);
  if (engine === "unknown") return undefined;
  return makeProduct({
    product: known.product,
    source: "service",
    state: engine === "running" ? "active" : "off",
    engine,
    signatures: known.withoutSignatures ? "not-used" : "not-told",
    ...(await detailsOf(known, windows)),
  });
}

/** What cannot be read is left open, and said. */
async function detailsOf({ details, name }: KnownProduct, windows: WindowsCalls): Promise<Details & Partial<Product>> {
  try {
    const own = (await details?.(windows)) ?? {};
    return own.productVersion ? own : { ...own, productVersion: await installedVersion(windows.registry, name) };
  } catch (error) {
    if (error instanceof OsError) return { problem: `${error.code}: ${error.message}` };
    throw error;
  }
}
