/**
 * Asks for one of several proofs: passkey, code from the app, recovery code, password. The strongest that this browser can give
 * stands first, the others are one click away.
 */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import type { PasskeyAnswer } from "@hauswart/protocol/api/factors.ts";
import { useMutation } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import { useState, type SubmitEvent } from "react";
import { supportsPasskeys, signWithPasskey } from "../../api/passkeys.ts";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError } from "./Doorway.tsx";
import styles from "./Doorway.module.css";

export type Way = "passkey" | "totp" | "recovery-code" | "password";
export type Answer =
  | { readonly passkey: PasskeyAnswer }
  | { readonly totp: string }
  | { readonly recoveryCode: string }
  | { readonly password: string };

interface Props {
  /** The strongest first. */
  readonly ways: readonly Way[];
  readonly passkeyOptions: Record<string, unknown> | null;
  /** Sends the answer; a rejection is shown beside the field. */
  readonly onAnswer: (answer: Answer) => Promise<unknown>;
}

export function FactorAnswer({ ways, passkeyOptions, onAnswer }: Props) {
  const texts = useTexts();
  const possible = ways.filter((way) => way !== "passkey" || (passkeyOptions !== null && supportsPasskeys()));
  const [chosen, setChosen] = useState(possible[0]);
  const send = useMutation({ mutationFn: onAnswer });
  const sign = useMutation({
    mutationFn: async () => onAnswer({ passkey: await signWithPasskey(passkeyOptions ?? {}) }),
  });
  const switchWords: Record<Way, string> = {
    passkey: texts.door.withPasskey,
    totp: texts.door.withCode,
    "recovery-code": texts.door.withRecovery,
    password: texts.door.withPassword,
  };
  if (!chosen) return <p role="alert">{texts.door.noWay}</p>;
  return (
    <>
      {chosen === "passkey" ? (
        <div className={styles["choices"]}>
          <Button
            size="sm"
            leftSection={<Fingerprint size={16} aria-hidden />}
            loading={sign.isPending}
            onClick={() => sign.mutate()}
            autoFocus
          >
            {texts.door.usePasskey}
          </Button>
          <DoorError error={sign.error} wrong={texts.door.wrong.passkey} />
        </div>
      ) : (
        <TypedAnswer
          key={chosen}
          way={chosen}
          isPending={send.isPending}
          error={send.error}
          onAnswer={(answer) => send.mutateAsync(answer)}
        />
      )}
      <div className={styles["links"]}>
        {possible
          .filter((way) => way !== chosen)
          .map((way) => (
            <button
              key={way}
              type="button"
              className={styles["link"]}
              onClick={() => {
                send.reset();
                setChosen(way);
              }}
            >
              {switchWords[way]}
            </button>
          ))}
      </div>
    </>
  );
}

interface TypedProps {
  readonly way: Exclude<Way, "passkey">;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onAnswer: (answer: Answer) => Promise<unknown>;
}

/** Six digits, with or without the space that apps show between them. */
const isWholeCode = (text: string) => /^\d{3} ?\d{3}$/.test(text.trim());

function TypedAnswer({ way, isPending, error, onAnswer }: TypedProps) {
  const texts = useTexts();
  const [value, setValue] = useState("");
  const send = (text: string) => {
    const answer = way === "totp" ? { totp: text.trim() } : way === "password" ? { password: text } : { recoveryCode: text.trim() };
    // What was wrong is shown by the caller; the field is emptied for the next try.
    onAnswer(answer).catch(() => setValue(""));
  };
  const change = (text: string) => {
    setValue(text);
    if (way === "totp" && isWholeCode(text) && !isPending) send(text);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (value !== "" && !isPending) send(value);
  };
  const common = { required: true, autoFocus: true, "data-autofocus": true, value } as const;
  return (
    <form className={styles["fields"]} onSubmit={submit}>
      {way === "password" && (
        <PasswordInput
          {...common}
          label={texts.door.stepUpPassword}
          autoComplete="current-password"
          onChange={(event) => change(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": texts.signIn.showPassword }}
        />
      )}
      {way === "totp" && (
        <TextInput
          {...common}
          label={texts.door.code}
          description={texts.door.codeHelp}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )}
      {way === "recovery-code" && (
        <TextInput
          {...common}
          label={texts.door.recovery}
          description={texts.door.recoveryHelp}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={60}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )}
      <DoorError error={error} wrong={texts.door.wrong[way]} />
      <Button type="submit" size="sm" loading={isPending}>
        {texts.door.confirm}
      </Button>
    </form>
  );
}
