/** A field for a new password: long enough, visible on request, and known to password managers as a new one. */
import { PasswordInput } from "@mantine/core";
import { useTexts } from "../texts/texts.tsx";

/** What the server takes at least (packages/protocol/src/api/people.ts). */
export const leastPasswordLength = 12;

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function NewPassword({ label, value, onChange }: Props) {
  const texts = useTexts();
  return (
    <PasswordInput
      label={label}
      description={texts.account.passwordHelp(leastPasswordLength)}
      autoComplete="new-password"
      required
      minLength={leastPasswordLength}
      maxLength={1_000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": texts.account.showPassword }}
    />
  );
}
