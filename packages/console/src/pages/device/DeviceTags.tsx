/** The tags of a device. Policies can be assigned to a tag, so a tag can change what is watched. */
import type { Device } from "@hauswart/protocol/api/models.ts";
import { ActionIcon, Badge, Button, Popover, TagsInput } from "@mantine/core";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { Allowed } from "../../app/Allowed.tsx";
import { useTexts } from "../../texts/texts.tsx";
import styles from "./device.module.css";

export function DeviceTags({ device }: { device: Device }) {
  const texts = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  const [tags, setTags] = useState<string[]>([]);
  /** As they were when the form was opened: only what differs is sent, so that what a colleague adds meanwhile stays. */
  const [before, setBefore] = useState<readonly string[]>([]);
  const change = useChange("changeDevice", { touches: ["getDevice", "listDevices", "listDeviceChecks"], onDone: () => setIsOpen(false) });
  const toggle = () => {
    setTags([...device.tags]);
    setBefore(device.tags);
    setIsOpen((before) => !before);
  };
  const addTags = tags.filter((tag) => !before.includes(tag));
  const removeTags = before.filter((tag) => !tags.includes(tag));
  return (
    <div className={styles["tags"]}>
      {device.tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
      {device.tags.length === 0 && <span className="dimmed">{texts.device.noTags}</span>}
      <Allowed to="devices:write">
        <Popover opened={isOpen} onChange={setIsOpen} position="bottom-start" shadow="md" trapFocus>
          <Popover.Target>
            <ActionIcon size={20} aria-label={texts.device.addTag} onClick={toggle}>
              <Pencil size={12} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <div className={styles["form"]}>
              <TagsInput label={texts.device.tags} w={260} value={tags} onChange={setTags} maxTags={50} data-autofocus />
              <div className={styles["buttons"]}>
                <Button
                  loading={change.isPending}
                  disabled={addTags.length + removeTags.length === 0}
                  onClick={() => change.mutate({ params: { deviceId: device.deviceId }, body: { addTags, removeTags } })}
                >
                  {texts.shell.save}
                </Button>
              </div>
            </div>
          </Popover.Dropdown>
        </Popover>
      </Allowed>
    </div>
  );
}
