/** WebAssembly files are imported as the path under which they can be read. */
declare module "*.wasm" {
  const path: string;
  export default path;
}
