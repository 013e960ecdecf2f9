/** Whether agents tell who is signed in at their computers. */
import { Switch } from "@mantine/core";
import { signedInTexts } from "../../texts/signed-in.ts";
import { useSpeech } from "../../texts/texts.tsx";
import { Section } from "../../components/Page.tsx";

export function SignedInField({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  const { title, house, houseHelp } = signedInTexts[useSpeech().language].setting;
  return (
    <Section title={title}>
      <Switch label={house} description={houseHelp} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
    </Section>
  );
}
