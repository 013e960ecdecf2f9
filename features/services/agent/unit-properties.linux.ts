/** What is asked of systemd about a single unit. */
import { missingService, type ObservedService, type Selection } from "./service-manager.ts";
import { saysNoSuchUnit, serviceInterface, unitInterface, unitPath, type ListedUnit, type Systemd } from "./systemd.linux.ts";
import type { UnitDetails, UnitTraits } from "./unit-state.ts";

/** People write "cron" and mean cron.service. */
export const withSuffix = (name: string) => (name.includes("*") || name.endsWith(".service") ? name : `${name}.service`);

/** @param isListed whether the settings name it; of others that are disabled nobody needs to know more. */
export async function readTraits(systemd: Systemd, { path, loadState }: ListedUnit, isListed: boolean): Promise<UnitTraits> {
  const fileState = loadState === "masked" ? "masked" : await systemd.text(path, unitInterface, "UnitFileState");
  if (fileState === "disabled" && !isListed) return { fileState, type: "", wantedBy: [], triggeredBy: [] };
  const [type, wantedBy, requiredBy, triggeredBy] = await Promise.all([
    systemd.text(path, serviceInterface, "Type"),
    systemd.names(path, unitInterface, "WantedBy"),
    systemd.names(path, unitInterface, "RequiredBy"),
    systemd.names(path, unitInterface, "TriggeredBy"),
  ]);
  // A unit that is not enabled may be required by others all the same; only what a target pulls in starts with the system.
  const pulling = [...wantedBy, ...requiredBy].filter((by) => fileState.startsWith("enabled") || by.endsWith(".target"));
  return { fileState, type, wantedBy: pulling, triggeredBy };
}

export async function readDetails(systemd: Systemd, path: string, { triggeredBy }: UnitTraits): Promise<UnitDetails> {
  const ofUnit = (name: string) => systemd.number(path, unitInterface, name);
  const ofService = (name: string) => systemd.number(path, serviceInterface, name);
  const [
    conditionResult,
    conditionAt,
    activeEnterAt,
    activeExitAt,
    inactiveEnterAt,
    stateChangedAt,
    mainExitAt,
    mainCode,
    mainStatus,
    result,
    triggers,
  ] = await Promise.all([
    systemd.property(path, unitInterface, "ConditionResult"),
    ofUnit("ConditionTimestampMonotonic"),
    ofUnit("ActiveEnterTimestampMonotonic"),
    ofUnit("ActiveExitTimestampMonotonic"),
    ofUnit("InactiveEnterTimestampMonotonic"),
    ofUnit("StateChangeTimestamp"),
    ofService("ExecMainExitTimestampMonotonic"),
    ofService("ExecMainCode"),
    ofService("ExecMainStatus"),
    systemd.text(path, serviceInterface, "Result"),
    Promise.all(triggeredBy.map((name) => systemd.text(unitPath(name), unitInterface, "ActiveState"))),
  ]);
  return {
    conditionResult: conditionResult === true,
    conditionAt,
    activeEnterAt,
    activeExitAt,
    inactiveEnterAt,
    stateChangedAt,
    mainExitAt,
    mainCode,
    mainStatus,
    result,
    hasActiveTrigger: triggers.includes("active"),
  };
}

export interface ListedServices {
  /** Paths of those that exist. */
  readonly paths: ReadonlySet<string>;
  readonly missing: readonly ObservedService[];
}

/** Finds the services that the settings name in full, loads those that are not loaded, and adds them to the units. */
export async function findListed(systemd: Systemd, units: ListedUnit[], { listed }: Selection): Promise<ListedServices> {
  const paths = new Set<string>();
  const missing: ObservedService[] = [];
  for (const name of new Set(listed.filter((one) => !one.includes("*")).map(withSuffix))) {
    const known = units.find((unit) => unit.name === name && unit.loadState !== "not-found");
    const found = known ?? (await loadListed(systemd, name));
    if (!found) {
      missing.push(missingService(name, name));
      continue;
    }
    // An alias leads to a unit that may be there under its own name.
    if (!units.some(({ path }) => path === found.path)) units.push(found);
    paths.add(found.path);
  }
  return { paths, missing };
}

async function loadListed(systemd: Systemd, name: string): Promise<ListedUnit | undefined> {
  try {
    const path = await systemd.loadUnit(name);
    const loadState = await systemd.text(path, unitInterface, "LoadState");
    if (loadState === "not-found") return undefined;
    const [id, description, activeState, subState] = await Promise.all(
      ["Id", "Description", "ActiveState", "SubState"].map((property) => systemd.text(path, unitInterface, property)),
    );
    return { name: id!, description: description!, loadState, activeState: activeState!, subState: subState!, path, jobType: "" };
  } catch (error) {
    if (saysNoSuchUnit(error)) return undefined;
    throw error;
  }
}
