import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { firewall } from "./protocol.ts";

export default [
  simulatedCheck<typeof firewall>({
    check: "firewall",
    version: 1,
    sample: (computer) => ({
      profiles: [
        {
          name: "system",
          state: computer.role === "server" ? "on" : "off",
          program: computer.role === "server" ? "nftables" : "",
          detail: "",
          onByItself: false,
          byPolicy: false,
        },
      ],
    }),
  }),
];
