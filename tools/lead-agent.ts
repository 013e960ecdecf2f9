import type { DataDirectory } from "@hauswart/agent/state/data-directory.ts";
import { enrolmentFileName, readEnrolment } from "@hauswart/agent/state/enrolment.ts";

/**
 * Tells this computer's own agent, which does not run, under which address the server is now, and what it may trust: `npm start` may open the
 * server to the network that was for this computer alone before. The agent keeps its identity, and believes none but the server's own key.
 * @param certificates PEM; undefined = none besides the well-known ones
 */
export function leadAgentTo(data: DataDirectory, server: string, certificates: string | undefined): void {
  const { certificates: before, ...enrolment } = readEnrolment(data) ?? {};
  if (!("deviceId" in enrolment) || (enrolment.server === server && before === certificates)) return;
  data.writeText(
    enrolmentFileName,
    JSON.stringify({ ...enrolment, server, ...(certificates === undefined ? {} : { certificates }) }, null, 2),
  );
}
