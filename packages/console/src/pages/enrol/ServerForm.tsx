/** A device without an agent: where it belongs, and what the server asks. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { ErrorNote } from "../../components/notes.tsx";
import { notify } from "../../components/notify.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import styles from "./enrol.module.css";
import { PlaceFields, usePlace } from "./place.tsx";

/** @param target the setting of the check that says what is asked */
export function ServerForm({ check, target, onClose }: { check: string; target: string; onClose: () => void }) {
  const { texts, checkTexts } = useSpeech();
  const client = useQueryClient();
  const navigate = useNavigate();
  const place = usePlace();
  const [asked, setAsked] = useState("");
  const [name, setName] = useState("");
  const about = checkTexts(check);
  const create = useMutation({
    mutationFn: async () => {
      const siteId = await place.make();
      return api("createDevice", { body: { siteId, check, target: asked, name: name.trim() || plainName(asked) } });
    },
    onSuccess: async (device) => {
      for (const route of ["listDevices", "getOverview", "listPolicies", "listSites", "listCustomers"])
        void client.invalidateQueries({ queryKey: [route] });
      notify({ message: texts.enrol.added(device.name) });
      await navigate({ to: "/devices/$deviceId", params: { deviceId: device.deviceId } });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <p className="dimmed">{texts.enrol.fromServerHelp}</p>
      <PlaceFields place={place} />
      <TextInput
        label={about.settingLabel(target)}
        placeholder="https://www.example.com"
        required
        maxLength={128}
        value={asked}
        onChange={(event) => setAsked(event.currentTarget.value)}
      />
      <TextInput
        label={texts.enrol.deviceName}
        description={texts.enrol.deviceNameHelp}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {create.error && <ErrorNote error={create.error} />}
      <div className={styles["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {texts.shell.cancel}
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!place.isComplete || asked.trim() === ""}>
          {texts.enrol.add}
        </Button>
      </div>
    </form>
  );
}

/** https://www.example.com/ is called www.example.com. */
const plainName = (asked: string) =>
  asked
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/\/$/, "");
