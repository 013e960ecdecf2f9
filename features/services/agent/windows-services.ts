/** What a service of Windows is to a person who asks whether it runs. Pure. */
import type { WindowsService } from "@hauswart/agent/os/windows/calls.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { Row } from "./service-manager.ts";

/**
 * Services that start with Windows and end by themselves once they have done their work, as their makers built them. By their short names;
 * who wants one of them to run all the same names it in the settings.
 */
const endByThemselves: readonly string[] = [
  // Microsoft: licences, maps, updates of Edge, Office and Windows, compilation of .NET, start of the shell's hardware detection on servers
  ..."sppsvc mapsbroker edgeupdate* microsoftedgeelevationservice bits wuauserv usosvc dosvc trustedinstaller installservice".split(" "),
  ..."clr_optimization_* tiledatamodelsvc sgrmbroker shellhwdetection remoteregistry cdpsvc dmwappushservice stisvc wbiosrvc ikeext".split(
    " ",
  ),
  // Google, Brave, Dropbox, Mozilla: updates
  ..."gupdate* googleupdater* brave bravem braveupdate* dbupdate* mozillamaintenance".split(" "),
  // Intel: provisioning of the security chip
  "intel(r) tpm provisioning service",
];

/** ERROR_SERVICE_NEVER_STARTED (winerror.h): nobody has tried to start it in this run of Windows. */
const neverStarted = 1077;
/** ERROR_SERVICE_SPECIFIC_ERROR: the service has numbers of its own. */
const ownNumber = 1066;

/** After a start Windows works through the automatic services; the delayed ones come two minutes later, one after the other. */
const startingMs = 5 * 60_000;
const delayedStartingMs = 10 * 60_000;

type State = Row["state"];

const moving: Readonly<Partial<Record<WindowsService["state"], State>>> = {
  running: "running",
  "start-pending": "starting",
  "continue-pending": "starting",
  "stop-pending": "stopping",
  "pause-pending": "stopping",
  // Paused, it does nothing for anybody.
  paused: "stopped",
};

export const isAutomatic = ({ start }: Pick<WindowsService, "start">): boolean => start !== "manual" && start !== "disabled";

/** Whether the settings mean it, by its short name or by what people read; Windows does not tell capitals from small letters. */
export function isNamed(patterns: readonly string[], { name, displayName }: Pick<WindowsService, "name" | "displayName">): boolean {
  if (patterns.length === 0) return false;
  const folded = patterns.map((pattern) => pattern.toLowerCase());
  return fitsAny(folded, name.toLowerCase()) || fitsAny(folded, displayName.toLowerCase());
}

/**
 * @param uptimeMs how long Windows has been running
 * @param isListed the settings want it to run, whatever its maker thinks
 */
export function stateOf(service: WindowsService, uptimeMs: number, isListed: boolean): State {
  const state = moving[service.state];
  if (state) return state;
  if (isAutomatic(service) && service.win32ExitCode === neverStarted) {
    if (service.start === "delayed" && uptimeMs < delayedStartingMs) return isListed ? "starting" : "waiting";
    if (uptimeMs < startingMs) return "starting";
  }
  if (hasFailed(service)) return "failed";
  if (service.hasTrigger) return "waiting";
  return !isListed && fitsAny(endByThemselves, service.name.toLowerCase()) ? "waiting" : "stopped";
}

const hasFailed = ({ win32ExitCode }: WindowsService) => win32ExitCode !== 0 && win32ExitCode !== neverStarted;

export function startOf(service: WindowsService): Row["start"] {
  if (service.start === "disabled") return "deactivated";
  return isAutomatic(service) ? "automatic" : "by-others";
}

/** What Windows says went wrong; empty when nothing did. */
export function problemOf(service: WindowsService): string {
  if (service.state === "paused") return "paused";
  if (service.state !== "stopped" || !hasFailed(service)) return "";
  return service.win32ExitCode === ownNumber ? `exit-code ${service.serviceExitCode}` : `error ${service.win32ExitCode}`;
}
