/** Columns of the list of devices. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { Badge } from "@mantine/core";
import { useMemo } from "react";
import { Ago, Moment } from "../../components/Ago.tsx";
import { DeviceLink } from "../../components/links.tsx";
import { PresenceText, usePresenceWords } from "../../components/presence.tsx";
import { StateCount, StateMark } from "../../components/StateMark.tsx";
import type { Column } from "../../components/table/columns.ts";
import { useTexts } from "../../texts/texts.tsx";

/** @param withCustomer whether rows may belong to different customers. */
export function useDeviceColumns(withCustomer: boolean): readonly Column<Device>[] {
  const texts = useTexts();
  const words = usePresenceWords();
  return useMemo(() => {
    const columns: (Column<Device> | false)[] = [
      { id: "state", header: texts.devices.state, width: "124px", cell: (device) => <StateMark state={device.state} />, value: (device) => texts.states[device.state] },
      {
        id: "name",
        header: texts.devices.name,
        cell: (device) => (
          <>
            <DeviceLink deviceId={device.deviceId}>{device.name}</DeviceLink>
            {device.lifecycle !== "active" && <span className="dimmed"> {texts.devices.lifecycles[device.lifecycle]}</span>}
          </>
        ),
        value: (device) => device.name,
      },
      withCustomer && { id: "customer", header: texts.devices.customer, from: "sm", cell: (device) => device.customerName, value: (device) => device.customerName },
      { id: "site", header: texts.devices.site, from: "md", width: "13%", cell: (device) => device.siteName, value: (device) => device.siteName },
      {
        id: "findings",
        header: texts.devices.findings,
        from: "sm",
        width: "92px",
        cell: (device) => (
          <span style={{ display: "inline-flex", gap: 12 }}>
            <StateCount state="failure" count={device.openFindings.failure} />
            <StateCount state="warning" count={device.openFindings.warning} />
          </span>
        ),
        value: (device) => device.openFindings.failure + device.openFindings.warning,
      },
      { id: "presence", header: texts.devices.presence, from: "md", width: "19%", cell: (device) => <PresenceText presence={device.presence} short />, value: (device) => words(device.presence) },
      { id: "role", header: texts.devices.role, from: "lg", width: "100px", cell: (device) => texts.devices.roles[device.role], value: (device) => texts.devices.roles[device.role] },
      { id: "system", header: texts.devices.system, from: "lg", width: "18%", cell: (device) => device.systemName, value: (device) => device.systemName },
      {
        id: "tags",
        header: texts.devices.tags,
        from: "xl",
        width: "13%",
        cell: (device) => (
          <span style={{ display: "inline-flex", gap: 4 }}>
            {device.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </span>
        ),
        value: (device) => device.tags.join(" "),
      },
      { id: "hostname", header: "Hostname", from: "lg", optional: true, cell: (device) => device.hostname, value: (device) => device.hostname },
      { id: "agent", header: texts.devices.agent, from: "xl", width: "80px", cell: (device) => device.agentVersion, value: (device) => device.agentVersion },
      { id: "booted", header: texts.devices.booted, from: "xl", optional: true, width: "110px", cell: (device) => <Ago at={device.bootedAt} short />, value: (device) => device.bootedAt },
      { id: "enrolled", header: texts.devices.enrolled, from: "lg", optional: true, width: "150px", cell: (device) => <Moment at={device.enrolledAt} />, value: (device) => device.enrolledAt },
    ];
    return columns.filter((column) => column !== false);
  }, [texts, words, withCustomer]);
}
