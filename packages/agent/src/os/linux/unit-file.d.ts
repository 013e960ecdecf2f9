/** The text of a systemd unit file, taken into the program when it is built. */
declare module "*.service" {
  const text: string;
  export default text;
}

/** The text of a script for OpenRC, likewise. */
declare module "*.openrc" {
  const text: string;
  export default text;
}
