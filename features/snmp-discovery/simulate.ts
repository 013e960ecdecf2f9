import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { snmpDiscovery } from "./protocol.ts";

export default [
  simulatedCheck<typeof snmpDiscovery>({
    check: "snmp-discovery",
    version: 1,
    sample: () => ({
      networks: "192.168.0.0/24",
      isPartial: false,
      searchedCount: 254,
      devicesCount: 2,
      devices: [
        { address: "192.168.0.2", kind: "network", name: "switch", description: "24-port switch", place: "Cellar", firstSeenAt: null },
        { address: "192.168.0.30", kind: "printer", name: "printer", description: "Laser printer", place: "Office", firstSeenAt: null },
      ],
    }),
  }),
];
