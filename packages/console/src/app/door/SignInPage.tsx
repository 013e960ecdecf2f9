/** The way in: passkey, password with a second step, or the house's own directory. */
import type { SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Fingerprint } from "lucide-react";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { supportsPasskeys, signWithPasskey } from "../../api/passkeys.ts";
import { query } from "../../api/queries.ts";
import { useTexts } from "../../texts/texts.tsx";
import { DoorError, DoorNote, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";
import { useEntrance } from "./entrance.ts";
import { beginOidc } from "./oidc.ts";
import { challengeIn } from "./second-step.ts";
import { SecondStep } from "./SecondStep.tsx";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const texts = useTexts();
  const { next, done } = route.useSearch();
  const [asked, setAsked] = useState<{ email: string; challenge: SecondFactorChallenge } | null>(null);
  const enter = useEntrance(next);
  if (asked) return <SecondStep {...asked} onEnter={enter} onBack={() => setAsked(null)} />;
  return (
    <Doorway title={texts.signIn.title} lead={texts.signIn.lead}>
      {done === "invitation" && <DoorNote>{texts.door.invitationDone}</DoorNote>}
      {done === "reset" && <DoorNote>{texts.door.resetDone}</DoorNote>}
      <PasskeyEntrance onEnter={enter} />
      <PasswordForm onEnter={enter} onAsked={(email, challenge) => setAsked({ email, challenge })} />
      <OidcButtons next={next} />
    </Doorway>
  );
}

function PasskeyEntrance({ onEnter }: { onEnter: () => Promise<void> }) {
  const texts = useTexts();
  const ways = useQuery(query("listSignInWays"));
  const signIn = useMutation({
    mutationFn: async () => {
      const { challenge, options } = await api("beginPasskeySignIn");
      const passkey = await signWithPasskey(options);
      await api("createSessionWithPasskey", { body: { challenge, passkey } });
    },
    onSuccess: onEnter,
  });
  if (!supportsPasskeys() || ways.data?.passkeys === false) return null;
  return (
    <div className={styles["choices"]}>
      <Button
        variant="default"
        size="sm"
        leftSection={<Fingerprint size={16} aria-hidden />}
        loading={signIn.isPending}
        onClick={() => signIn.mutate()}
      >
        {texts.door.passkey}
      </Button>
      <DoorError error={signIn.error} wrong={texts.door.wrong.passkey} />
      <p className={styles["or"]}>{texts.door.or}</p>
    </div>
  );
}

interface FormProps {
  readonly onEnter: () => Promise<void>;
  readonly onAsked: (email: string, challenge: SecondFactorChallenge) => void;
}

function PasswordForm({ onEnter, onAsked }: FormProps) {
  const texts = useTexts();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    // The answer carries a token for programs; a browser has the cookie and needs no more.
    mutationFn: () => api("createSession", { body: { email: email.trim(), password } }).then(() => undefined),
    onSuccess: async () => {
      setPassword("");
      await onEnter();
    },
    onError: (error) => {
      const challenge = challengeIn(error);
      if (challenge) onAsked(email.trim(), challenge);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form className={styles["fields"]} onSubmit={submit}>
      <TextInput
        label={texts.signIn.email}
        type="email"
        name="email"
        autoComplete="username webauthn"
        required
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={texts.signIn.password}
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": texts.signIn.showPassword }}
      />
      <DoorError error={challengeIn(signIn.error) ? null : signIn.error} />
      <Button type="submit" loading={signIn.isPending} size="sm">
        {texts.signIn.submit}
      </Button>
      <div className={styles["links"]}>
        <Link to="/sign-in/forgot">{texts.door.forgot}</Link>
      </div>
    </form>
  );
}

function OidcButtons({ next }: { next: string | undefined }) {
  const texts = useTexts();
  const { data } = useQuery(query("listSignInWays"));
  const go = useMutation({ mutationFn: (oidcIssuerId: string) => beginOidc(oidcIssuerId, next) });
  if (!data || data.issuers.length === 0) return null;
  return (
    <div className={styles["choices"]}>
      <p className={styles["or"]}>{texts.door.or}</p>
      {data.issuers.map(({ oidcIssuerId, name }) => (
        <Button
          key={oidcIssuerId}
          variant="default"
          size="sm"
          loading={go.isPending && go.variables === oidcIssuerId}
          onClick={() => go.mutate(oidcIssuerId)}
        >
          {texts.door.oidc(name)}
        </Button>
      ))}
      <DoorError error={go.error} />
    </div>
  );
}
