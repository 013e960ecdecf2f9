/** Modules that the build makes. */
declare module "virtual:route-table" {
  const table: import("@hauswart/protocol/api/client.ts").RouteTable;
  export default table;
}
declare module "virtual:theme.css";
