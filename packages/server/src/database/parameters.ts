/**
 * Values of a statement whose conditions depend on the request. The text of such a statement is put together from constants;
 * whatever came from outside goes through `add` and stands in it as $1, $2 …
 */
export class Parameters {
  readonly values: unknown[] = [];

  /** Takes a value and returns its place in the text. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
