/** Chooses what runs: the bundle that is tried, the one that was confirmed, or the application within the executable. */
import { compareVersions } from "@hauswart/protocol/release/version-order.ts";
import { checkSlot, type SlotCheck } from "./slots.ts";
import { countStart, readState, writeState, type Running, type Slot, type Trial, type UpdateState } from "./state.ts";
import { takeBack, type RestoreExecutable } from "./take-back.ts";

export interface LoaderNeeds extends SlotCheck {
  /** Version of the application within the executable. */
  readonly builtIn: string;
  readonly now: () => number;
  readonly complain: (text: string) => void;
  readonly restoreExecutable: RestoreExecutable;
}

export interface Choice {
  readonly running: Running;
  readonly trial: Trial | undefined;
  /** The executable was put back: the process has to begin anew. */
  readonly startAgain?: true;
}

/**
 * Written by the service manager, where it can do that (hauswart-agent.service, service-structures.ts): a mark for each start of a new
 * executable, and that it put the one of before back because the new one died twice before this loader ran.
 */
export const startsFile = "starts";
export const takenBackFile = "taken-back";

/**
 * Chooses for a command that runs the agent. A trial's start is counted, and on the disk, before anything of it runs.
 * Never throws for what is on the disk: the application within the executable always runs.
 */
export async function chooseForRun(needs: LoaderNeeds): Promise<Choice> {
  const state = readState(needs.files);
  const { files } = needs;
  if (files.size(startsFile) > 0) files.remove(startsFile); // from here on the loader counts
  const isTakenBack = files.size(takenBackFile) > 0;
  const choice = await chooseFrom(needs, state, isTakenBack);
  if (isTakenBack) files.remove(takenBackFile);
  return choice;
}

async function chooseFrom(needs: LoaderNeeds, state: UpdateState, isTakenBack: boolean): Promise<Choice> {
  if (!state.trial) return { running: await confirmedOf(needs, state), trial: undefined };
  const counted = countStart(state);
  if (!counted) return giveUp(needs, state, "DID_NOT_LAST", "It did not live until its server welcomed it.");
  const { slot, version } = state.trial;
  if (slot === "executable") {
    if (needs.builtIn !== version && isTakenBack) return giveUp(needs, state, "DIES_AT_ONCE", "It died twice before its loader ran.");
    if (needs.builtIn !== version) return giveUp(needs, state, "INTERRUPTED", "The executable was not replaced.");
    writeState(needs.files, counted);
    return { running: "built-in", trial: counted.trial };
  }
  try {
    const manifest = await checkSlot(needs, slot);
    if (manifest.version !== version) throw new Error(`Slot ${slot} holds ${manifest.version}.`);
  } catch (error) {
    return giveUp(needs, state, "DAMAGED", messageOf(error));
  }
  writeState(needs.files, counted);
  return { running: slot, trial: counted.trial };
}

/** Chooses for every other command, which changes nothing. */
export async function chooseForCommand(needs: LoaderNeeds): Promise<Choice> {
  return { running: await confirmedOf(needs, readState(needs.files)), trial: undefined };
}

async function giveUp(needs: LoaderNeeds, state: UpdateState, code: string, detail: string): Promise<Choice> {
  const taken = (await takeBack(state, needs.restoreExecutable, { code, detail, atMs: needs.now() }))!;
  writeState(needs.files, taken.state);
  if (taken.isRestored) return { running: "built-in", trial: undefined, startAgain: true };
  needs.complain(`Update to ${state.trial!.version} rolled back: ${taken.detail}`);
  return { running: await confirmedOf(needs, taken.state), trial: undefined };
}

/** The confirmed bundle, unless it is damaged, or an installer brought an executable with a newer application. */
async function confirmedOf(needs: LoaderNeeds, state: UpdateState): Promise<Running> {
  if (state.current === "built-in") return "built-in";
  return (await isNewer(needs, state.current)) ? state.current : "built-in";
}

async function isNewer(needs: LoaderNeeds, slot: Slot): Promise<boolean> {
  try {
    const { version } = await checkSlot(needs, slot);
    return compareVersions(version, needs.builtIn) >= 0;
  } catch (error) {
    needs.complain(`The application in slot ${slot} is not used: ${messageOf(error)}`);
    return false;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
