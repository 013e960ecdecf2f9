/** What stands where a page could not be shown. */
import { Button } from "@mantine/core";
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useEffect } from "react";
import { Empty, ErrorNote } from "../components/notes.tsx";
import { Page } from "../components/Page.tsx";
import { useTexts } from "../texts/texts.tsx";

export function PageError({ error, reset }: ErrorComponentProps) {
  const texts = useTexts();
  const router = useRouter();
  useEffect(() => console.error(error), [error]);
  return (
    <Page title={texts.errors.pageTitle}>
      <ErrorNote
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}

export function NotFound() {
  const texts = useTexts();
  return (
    <Page title={texts.errors.notFoundTitle}>
      <Empty
        title={texts.errors.notFound}
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
            {texts.shell.overview}
          </Button>
        }
      />
    </Page>
  );
}
