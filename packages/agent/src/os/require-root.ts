/** The service manager's files are root's. @throws in words for whoever typed the command */
export function requireRoot(isRoot: boolean): void {
  if (!isRoot) throw new Error("Only root can do that: sudo hauswart-agent …");
}

export const runsAsRoot = (): boolean => process.getuid?.() === 0;
