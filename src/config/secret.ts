import { inspect } from "node:util";

/** Where a secret is written: in the configuration itself, in an environment variable, or in a file only its owner reads. */
export type SecretSource = { value: string } | { env: string } | { file: string };

const values = new WeakMap<Secret, string>();

/** A secret that can be passed around but not printed: every way of turning it into text gives "[secret]". */
export class Secret {
  readonly source: SecretSource;

  constructor(source: SecretSource) {
    this.source = source;
    if ("value" in source) {
      values.set(this, source.value);
      this.source = { value: "[secret]" };
    }
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}

/** Gives a secret the value its source named. Only the loader calls it. */
export function fillSecret(secret: Secret, value: string): void {
  values.set(secret, value);
}

/** The value itself, for the connection that needs it and for the scrubber. A secret that was never filled is a mistake of ours. */
export function openSecret(secret: Secret): string {
  const value = values.get(secret);
  if (value === undefined) throw new Error("a secret was opened before the configuration was loaded");
  return value;
}
