/** Linux's pressure stall information (kernel documentation, accounting/psi): how long something waited for a resource. */
import { OsError, type Os } from "../os/os.ts";

/**
 * Microseconds since the start of the computer in which at least one task waited.
 * @returns undefined where the kernel does not keep it, or keeps it from us.
 */
export async function readPressure(os: Os, resource: "cpu" | "memory" | "io"): Promise<number | undefined> {
  try {
    const total = /^some .*\btotal=(\d+)/m.exec(await os.readFile(`/proc/pressure/${resource}`))?.[1];
    return total === undefined ? undefined : Number(total);
  } catch (error) {
    // The file is there but cannot be read where the kernel was started without psi=1.
    if (error instanceof OsError) return undefined;
    throw error;
  }
}
