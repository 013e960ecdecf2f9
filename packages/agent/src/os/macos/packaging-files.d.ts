/** The text of a launchd property list, taken into the program when it is built. */
declare module "*.plist" {
  const text: string;
  export default text;
}

/** The text of newsyslog's configuration, likewise. */
declare module "*/newsyslog.conf" {
  const text: string;
  export default text;
}
