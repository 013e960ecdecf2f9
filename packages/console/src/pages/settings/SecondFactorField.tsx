/** Of whom the house wants a second factor. */
import type { ResponseOf } from "@hauswart/protocol/api/client.ts";
import { Select } from "@mantine/core";
import { useTexts } from "../../texts/texts.tsx";

type Wanted = ResponseOf<"getSettings">["secondFactor"];
const choices: readonly Wanted[] = ["off", "owners-and-administrators", "all"];

export function SecondFactorField({ value, onChange }: { value: Wanted; onChange: (value: Wanted) => void }) {
  const texts = useTexts();
  return (
    <Select
      label={texts.signInSettings.secondFactor}
      description={value === "off" ? texts.signInSettings.secondFactorOff : texts.signInSettings.secondFactorHelp}
      inputWrapperOrder={["label", "input", "description", "error"]}
      allowDeselect={false}
      data={choices.map((one) => ({ value: one, label: texts.signInSettings.secondFactorOf[one] }))}
      value={value}
      onChange={(chosen) => onChange(choices.find((one) => one === chosen) ?? value)}
    />
  );
}
