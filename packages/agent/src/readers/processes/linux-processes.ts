/** Linux's running processes, from /proc. */
import { OsError, type Os } from "../../os/os.ts";

/** How many files are open at once: enough to be quick, few enough to leave others theirs. */
const atOnce = 16;

/**
 * Reads one file of each process: `stat`, `status`. A process that ends meanwhile, or that may not be read, is left out.
 * @param parse undefined leaves the process out as well.
 */
export async function readEachProcess<Row>(
  os: Os,
  file: string,
  parse: (text: string, processId: number) => Row | undefined,
): Promise<Row[]> {
  const processIds = (await os.listDirectory("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const rows: Row[] = [];
  const readNext = async (): Promise<void> => {
    for (let processId = processIds.pop(); processId !== undefined; processId = processIds.pop()) {
      const row = await readOne(os, `/proc/${processId}/${file}`, (text) => parse(text, processId));
      if (row !== undefined) rows.push(row);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, readNext));
  return rows;
}

async function readOne<Row>(os: Os, path: string, parse: (text: string) => Row | undefined): Promise<Row | undefined> {
  try {
    return parse(await os.readFile(path));
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}
