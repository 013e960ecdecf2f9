/** Choosing the files of a release and sending them. */
import { FileInput, Progress } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormDialog } from "../../components/FormDialog.tsx";
import { notify } from "../../components/notify.tsx";
import { useSpeech } from "../../texts/texts.tsx";
import { ReleaseFilesError, uploadRelease } from "./upload.ts";

export function UploadDialog({ onClose }: { onClose: () => void }) {
  const { texts, format } = useSpeech();
  const client = useQueryClient();
  const [files, setFiles] = useState<File[]>([]);
  const [percent, setPercent] = useState(0);
  const upload = useMutation({
    mutationFn: () => uploadRelease(files, setPercent),
    onSuccess: async (version) => {
      await client.invalidateQueries({ queryKey: ["listAgentReleases"] });
      notify({ message: texts.agents.uploaded(version) });
      onClose();
    },
  });
  const missing = upload.error instanceof ReleaseFilesError ? upload.error.missing : undefined;
  const problem = missing && (missing.includes("release.json") ? texts.agents.noManifest : texts.agents.missingFiles(missing.join(", ")));
  return (
    <FormDialog
      title={texts.agents.upload}
      action={texts.agents.uploadDo}
      error={missing ? null : upload.error}
      isPending={upload.isPending}
      isIncomplete={files.length === 0}
      onSubmit={() => upload.mutate()}
      onClose={onClose}
    >
      <p className="dimmed">{texts.agents.uploadHelp}</p>
      <FileInput
        label={texts.agents.files}
        placeholder={texts.agents.chooseFiles}
        multiple
        required
        value={files}
        error={problem}
        onChange={(chosen) => {
          upload.reset();
          setFiles(chosen);
        }}
      />
      {upload.isPending && <Progress value={percent} aria-label={texts.agents.uploading(format.percent(percent))} />}
    </FormDialog>
  );
}
