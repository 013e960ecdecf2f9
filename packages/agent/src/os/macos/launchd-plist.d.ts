/** The text of a launchd property list, taken into the program when it is built. */
declare module "*.plist" {
  const text: string;
  export default text;
}
