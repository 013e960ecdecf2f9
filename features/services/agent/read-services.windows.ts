import type { OpenServiceManager } from "./service-manager.ts";

const detail = "This agent cannot read services on Windows yet.";

export const openServiceManager: OpenServiceManager = () => ({
  read: async () => ({ failed: "COLLECT_UNSUPPORTED", detail }),
  restart: async () => ({ succeeded: false, detail }),
  watch: async () => ({ stop() {} }),
});
