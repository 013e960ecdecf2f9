import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { diskEncryption } from "./protocol.ts";

export default [
  simulatedCheck<typeof diskEncryption>({
    check: "disk-encryption",
    version: 1,
    sample(computer) {
      // Every third workstation is a portable one, and set up with LUKS.
      const isPortable = computer.role === "workstation" && computer.index % 3 === 0;
      return {
        battery: isPortable ? "yes" : "no",
        volumes: computer.volumes
          .map(({ name }) => ({
            name,
            state: isPortable ? ("encrypted" as const) : ("not-encrypted" as const),
            method: isPortable ? "LUKS" : "",
            detail: "",
          }))
          .sort((one, other) => (one.name < other.name ? -1 : 1)),
      };
    },
  }),
];
