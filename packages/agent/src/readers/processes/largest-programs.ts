/** Processes of one name taken together: twenty browser processes are one browser to the person who asks. */

export interface ProgramShare {
  readonly name: string;
  readonly processCount: number;
  readonly amount: number;
}

/** @returns the programs with the largest amounts, largest first; those without any are left out. */
export function largestPrograms(processes: Iterable<{ readonly name: string; readonly amount: number }>, count: number): ProgramShare[] {
  const programs = new Map<string, { name: string; processCount: number; amount: number }>();
  for (const { name, amount } of processes) {
    const program = programs.get(name) ?? { name, processCount: 0, amount: 0 };
    program.processCount++;
    program.amount += amount;
    programs.set(name, program);
  }
  return [...programs.values()]
    .filter(({ amount }) => amount > 0)
    .sort((one, other) => other.amount - one.amount || (one.name < other.name ? -1 : 1))
    .slice(0, count);
}
