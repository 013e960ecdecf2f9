/** What can be done with a device. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { ActionIcon, Button, Checkbox, Menu, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { EllipsisVertical } from "lucide-react";
import { useState, type SubmitEvent } from "react";
import { useChange } from "../../api/change.ts";
import { useChangedFields } from "../../api/changed.ts";
import { query } from "../../api/queries.ts";
import { useMay } from "../../app/session.ts";
import { useSites } from "../../app/customers.ts";
import { Confirm } from "../../components/Confirm.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { ErrorNote } from "../../components/notes.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { MaintenanceMenu } from "../maintenance/MaintenanceMenu.tsx";
import styles from "./device.module.css";

export function DeviceActions({ device }: { device: Device }) {
  const texts = useTexts();
  const [dialog, setDialog] = useState<"edit" | "revoke" | null>(null);
  const [removesAgent, setRemovesAgent] = useState(true);
  const mayChange = useMay("devices:write");
  const { deviceId } = device;
  const hasAgent = device.kind === "agent";
  const measure = useChange("measureDevice", {
    touches: [],
    message: ({ delivered }) =>
      delivered ? (hasAgent ? texts.device.measureSent : texts.device.measureServerSent) : texts.device.measureNotSent,
  });
  const revoke = useChange("revokeDevice", {
    touches: ["getDevice", "listDevices", "getOverview"],
    message: () => texts.device.revoked,
    onDone: () => setDialog(null),
  });
  if (device.lifecycle === "revoked" || !mayChange) return null;
  return (
    <>
      <Button variant="default" loading={measure.isPending} onClick={() => measure.mutate({ params: { deviceId } })}>
        {texts.device.measureNow}
      </Button>
      {!device.maintenance && <MaintenanceMenu target={{ scope: "device", scopeId: deviceId }} name={device.name} />}
      <Button variant="default" onClick={() => setDialog("edit")}>
        {texts.device.edit}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={texts.device.more}>
            <EllipsisVertical size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog("revoke")}>{texts.device.revoke}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === "edit" && <EditDialog device={device} onClose={() => setDialog(null)} />}
      {dialog === "revoke" && (
        <Confirm
          title={texts.device.revokeTitle(device.name)}
          action={texts.device.revokeDo}
          isPending={revoke.isPending}
          onConfirm={() => revoke.mutate({ params: { deviceId }, body: { removeAgent: hasAgent && removesAgent } })}
          onClose={() => setDialog(null)}
        >
          <p>{hasAgent ? texts.device.revokeText : texts.device.revokeMeasuredText}</p>
          {hasAgent && (
            <Checkbox
              label={texts.device.removeAgent}
              description={texts.device.removeAgentHelp}
              checked={removesAgent}
              onChange={(event) => setRemovesAgent(event.currentTarget.checked)}
            />
          )}
        </Confirm>
      )}
    </>
  );
}

const roles = ["workstation", "server"] as const;

function EditDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState(device.name);
  const [role, setRole] = useState(device.role);
  const [siteId, setSiteId] = useState(device.siteId);
  const [dependsOn, setDependsOn] = useState(device.dependsOn?.isGateway === false ? device.dependsOn.deviceId : null);
  const sites = useSites(device.customerId);
  const others = useQuery(query("listDevices", { query: { customerId: device.customerId, limit: 500 } }));
  const change = useChange("changeDevice", {
    touches: ["getDevice", "listDevices", "listDeviceChecks", "listDeviceTimeline"],
    quiet: true,
    onDone: onClose,
  });
  const entered = { name: name.trim(), role, siteId, dependsOnDeviceId: dependsOn };
  const changes = useChangedFields(entered);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate({ params: { deviceId: device.deviceId }, body: changes });
  };
  return (
    <Dialog onClose={onClose} title={texts.device.editTitle(device.name)}>
      <form className={styles["form"]} onSubmit={submit}>
        <TextInput
          label={texts.device.name}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label={texts.device.role}
          allowDeselect={false}
          data={roles.map((one) => ({ value: one, label: texts.devices.roles[one] }))}
          value={role}
          onChange={(chosen) => setRole(roles.find((one) => one === chosen) ?? role)}
        />
        <Select
          label={texts.device.site}
          allowDeselect={false}
          searchable
          data={(sites.data ?? []).map((site) => ({ value: site.siteId, label: site.name }))}
          value={siteId}
          onChange={(chosen) => setSiteId(chosen ?? siteId)}
        />
        <Select
          label={texts.device.dependsOn}
          description={texts.device.dependsOnHelp}
          clearable
          searchable
          data={(others.data?.items ?? [])
            .filter((one) => one.deviceId !== device.deviceId)
            .map((one) => ({ value: one.deviceId, label: one.name }))}
          value={dependsOn}
          onChange={setDependsOn}
        />
        {change.error && <ErrorNote error={change.error} />}
        <div className={styles["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {texts.shell.cancel}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={Object.keys(changes).length === 0}>
            {texts.shell.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
