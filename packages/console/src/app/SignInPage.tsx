/** The way in. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useEffect, useState, type SubmitEvent } from "react";
import { api } from "../api/client.ts";
import { describeError } from "../components/notes.tsx";
import { useSpeech } from "../texts/texts.tsx";
import { LanguageSwitch, LookMenu } from "./Head.tsx";
import { safeNext } from "./next.ts";
import { sessionQuery } from "./session.ts";
import styles from "./SignInPage.module.css";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const { texts } = useSpeech();
  const { next } = route.useSearch();
  const client = useQueryClient();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  useEffect(() => {
    document.title = `${texts.signIn.title} · Hauswart`;
  }, [texts]);
  const signIn = useMutation({
    // The answer carries a token for programs; a browser has the cookie and needs no more.
    mutationFn: () => api("createSession", { body: { email: email.trim(), password } }).then(() => undefined),
    onSuccess: async () => {
      setPassword("");
      client.removeQueries({ queryKey: sessionQuery().queryKey });
      await router.navigate({ href: safeNext(next), replace: true });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <main className={styles["page"]}>
      <form className={styles["form"]} onSubmit={submit}>
        <h1 className={styles["brand"]}>Hauswart</h1>
        <p className="dimmed">{texts.signIn.lead}</p>
        <TextInput
          label={texts.signIn.email}
          type="email"
          name="email"
          autoComplete="username"
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
        {signIn.error && (
          <p className={styles["error"]} role="alert">
            {describeError(signIn.error, texts)}
          </p>
        )}
        <Button type="submit" loading={signIn.isPending} size="sm">
          {texts.signIn.submit}
        </Button>
        <div className={styles["foot"]}>
          <LanguageSwitch />
          <LookMenu />
        </div>
      </form>
    </main>
  );
}
