/** Begins maintenance of a device or a site in two clicks, and ends it. */
import type { MaintenanceNow } from "@hauswart/protocol/api/models.ts";
import { Button, Menu } from "@mantine/core";
import { Wrench } from "lucide-react";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { useMay } from "../../app/session.ts";
import { useSpeech, useTexts } from "../../texts/texts.tsx";
import styles from "./maintenance.module.css";
import { MaintenanceDialog, type MaintenanceTarget } from "./MaintenanceDialog.tsx";
import { maintenanceTouches } from "./touches.ts";

const lengths = [0.5, 2, 4, 8];

/** @param isSmall in a row of a table. */
export function MaintenanceMenu({ target, name, isSmall = false }: { target: MaintenanceTarget; name: string; isSmall?: boolean }) {
  const texts = useTexts();
  const mayChange = useMay("findings:write");
  const [isPlanning, setPlanning] = useState(false);
  const create = useChange("createMaintenanceWindow", {
    touches: maintenanceTouches,
    message: (made) => texts.maintenance.begun(made.name),
  });
  if (!mayChange) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant={isSmall ? "subtle" : "default"}
            size={isSmall ? "compact-xs" : "xs"}
            loading={create.isPending}
            aria-label={`${texts.maintenance.begin}: ${name}`}
          >
            {texts.maintenance.begin}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {lengths.map((hours) => (
            <Menu.Item
              key={hours}
              onClick={() =>
                create.mutate({ body: { ...target, name: texts.maintenance.defaultName, when: { kind: "now", minutes: hours * 60 } } })
              }
            >
              {texts.maintenance.beginFor(texts.maintenance.hours(hours))}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setPlanning(true)}>{texts.maintenance.beginOther}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isPlanning && <MaintenanceDialog target={target} onClose={() => setPlanning(false)} />}
    </>
  );
}

/** Says that a window is open, whose it is and until when; ends it. */
export function MaintenanceNote({ maintenance }: { maintenance: MaintenanceNow }) {
  const { texts, format } = useSpeech();
  const { name, by, until, maintenanceWindowId, scope } = maintenance;
  const mayChange = useMay("findings:write", scope === "provider" ? null : undefined);
  const end = useChange("endMaintenance", { touches: maintenanceTouches, message: () => texts.maintenance.ended });
  return (
    <p className={styles["note"]}>
      <Wrench size={14} aria-hidden />
      <span>
        <b>{texts.maintenance.now(format.dateTime(Date.parse(until)))}</b>
        {": "}
        {texts.maintenance.nowHelp(name, by)}
      </span>
      {mayChange && (
        <Button
          variant="default"
          size="compact-xs"
          loading={end.isPending}
          aria-label={texts.maintenance.endOf(name)}
          onClick={() => end.mutate({ params: { maintenanceWindowId } })}
        >
          {texts.maintenance.end}
        </Button>
      )}
    </p>
  );
}
