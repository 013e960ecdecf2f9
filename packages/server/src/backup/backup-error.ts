/** Why a backup cannot be made, or one that is there cannot be used; in words for whoever keeps the server. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}
