/** Files that a backup job writes when it has ended with success: for every program that says nothing by itself. */
import { nothing, type Adapter, type FoundJob } from "./jobs.ts";

export const stateFiles: Adapter = {
  program: "file",
  async read({ os, selection }) {
    if (selection.files.length === 0) return nothing;
    const jobs = await Promise.all(
      selection.files.map(async (path): Promise<FoundJob> => {
        const file = await os.fileInfo(path);
        const at = file?.modifiedAtMs ?? null;
        return {
          name: path,
          program: "file",
          evidence: "file",
          result: at === null ? "unknown" : "success",
          lastRunAt: at,
          lastSuccessAt: at,
          runningSince: null,
          problem: at === null ? "There is no such file." : "",
        };
      }),
    );
    return { jobs, programs: [] };
  },
};
