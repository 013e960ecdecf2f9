/** Where a process cannot be told from a later one of the same number: whether there is one. */
export function processExists(processId: number): string | undefined {
  try {
    process.kill(processId, 0);
    return "exists";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? "exists" : undefined;
  }
}
