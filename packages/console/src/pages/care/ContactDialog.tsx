/** Records a contact with the customer about findings: two clicks and a name. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import { contactChannels, type ContactChannel } from "@hauswart/protocol/api/contact-channels.ts";
import { SegmentedControl, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { FormDialog } from "../../components/FormDialog.tsx";
import { notify } from "../../components/notify.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { Named } from "../findings/Named.tsx";
import { touchedByCare } from "./touched.ts";

/** Minutes of service time from which the next step is chosen. */
const nextMinutes = [60, 240, 540, 1_080, 2_700] as const;

interface Draft {
  readonly channel: ContactChannel;
  readonly partner: string;
  readonly reached: boolean;
  readonly agreed: string;
  readonly nextStep: string;
  readonly nextWithinMinutes: number;
}
const emptyDraft: Draft = { channel: "telephone", partner: "", reached: true, agreed: "", nextStep: "", nextWithinMinutes: 540 };

interface Props {
  readonly findings: readonly Finding[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ContactDialog({ findings, onClose, onDone }: Props) {
  const texts = useTexts();
  const client = useQueryClient();
  const [contact, setContact] = useState(emptyDraft);
  const [sending, setSending] = useState<{ isPending: boolean; error: Error | null }>({ isPending: false, error: null });
  const set = (change: Partial<Draft>) => setContact((before) => ({ ...before, ...change }));
  const partner = contact.partner.trim();
  const submit = async () => {
    setSending({ isPending: true, error: null });
    const body = { ...contact, partner, nextWithinMinutes: contact.nextStep.trim() === "" ? null : contact.nextWithinMinutes };
    try {
      for (const { findingId } of findings) await api("recordContact", { params: { findingId }, body });
      notify({ message: texts.care.recordedOne(findings.length) });
      onDone();
    } catch (error) {
      setSending({ isPending: false, error: error as Error });
    }
    await Promise.all(touchedByCare.map((name) => client.invalidateQueries({ queryKey: [name] })));
  };
  return (
    <FormDialog
      title={texts.care.recordTitle(findings.length)}
      action={texts.care.recordDo}
      error={sending.error}
      isPending={sending.isPending}
      isIncomplete={partner === ""}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Named findings={findings} />
      <SegmentedControl
        aria-label={texts.care.channel}
        fullWidth
        data={contactChannels.map((one) => ({ value: one, label: texts.care.channels[one] }))}
        value={contact.channel}
        onChange={(chosen) => set({ channel: contactChannels.find((one) => one === chosen) ?? contact.channel })}
      />
      <TextInput
        data-autofocus
        label={texts.care.partner}
        placeholder={texts.care.partnerHelp}
        required
        maxLength={200}
        value={contact.partner}
        onChange={(event) => set({ partner: event.currentTarget.value })}
      />
      <Switch
        label={texts.care.notReached}
        description={texts.care.notReachedHelp}
        checked={!contact.reached}
        onChange={(event) => set({ reached: !event.currentTarget.checked })}
      />
      <Textarea
        label={texts.care.agreed}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2_000}
        value={contact.agreed}
        onChange={(event) => set({ agreed: event.currentTarget.value })}
      />
      <TextInput
        label={texts.care.nextStep}
        placeholder={texts.care.nextStepHelp}
        maxLength={500}
        value={contact.nextStep}
        onChange={(event) => set({ nextStep: event.currentTarget.value })}
      />
      {contact.nextStep.trim() !== "" && (
        <Select
          label={texts.care.nextWithin}
          allowDeselect={false}
          data={nextMinutes.map((minutes) => ({ value: String(minutes), label: texts.care.nextChoices[minutes] }))}
          value={String(contact.nextWithinMinutes)}
          onChange={(chosen) => set({ nextWithinMinutes: Number(chosen ?? contact.nextWithinMinutes) })}
        />
      )}
    </FormDialog>
  );
}
