/** Takes a release back that was tried: by the loader at a start, by the application when nobody welcomes it, by the watch over both. */
import { rollBack, type UpdateState } from "./state.ts";

/** Puts the executable of before back in its place. @returns false when there is none that is whole */
export type RestoreExecutable = (sha256: string | undefined) => Promise<boolean>;

export interface TakenBack {
  /** To be written before anything else runs. */
  readonly state: UpdateState;
  /** What the server is told. */
  readonly detail: string;
  /** The executable of before is in its place again; the process that runs is still the other one. */
  readonly isRestored: boolean;
}

/** @returns undefined when nothing is tried. Throws the system's error where the executable cannot be moved: the next start tries it again. */
export async function takeBack(
  state: UpdateState,
  restoreExecutable: RestoreExecutable,
  { code, detail, atMs }: { readonly code: string; readonly detail: string; readonly atMs: number },
): Promise<TakenBack | undefined> {
  if (!state.trial) return undefined;
  const { slot, previousExecutable, previousSha256 } = state.trial;
  const hasPrevious = slot === "executable" && previousExecutable !== undefined;
  const isRestored = hasPrevious && (await restoreExecutable(previousSha256));
  const told = hasPrevious && !isRestored ? `${detail} The executable of before is missing or damaged; this one stays.` : detail;
  return { state: rollBack(state, code, told, atMs), detail: told, isRestored };
}
