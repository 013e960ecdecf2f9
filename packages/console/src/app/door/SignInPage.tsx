/** The way in. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";
import { api } from "../../api/client.ts";
import { useTexts } from "../../texts/texts.tsx";
import { safeNext } from "../next.ts";
import { sessionQuery } from "../session.ts";
import { DoorError, Doorway } from "./Doorway.tsx";
import styles from "./Doorway.module.css";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const texts = useTexts();
  const { next } = route.useSearch();
  const client = useQueryClient();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
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
    <Doorway title={texts.signIn.title} lead={texts.signIn.lead}>
      <form className={styles["fields"]} onSubmit={submit}>
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
        <DoorError error={signIn.error} />
        <Button type="submit" loading={signIn.isPending} size="sm">
          {texts.signIn.submit}
        </Button>
      </form>
    </Doorway>
  );
}
