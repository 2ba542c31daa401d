/** Who may read a secret's file besides root of the machine; its group is always root's. */
export interface SecretReader {
  /** Host uid of its owner. */
  uid: number;
  /** Also whoever has root's group: a program that starts as root, without the right to read what is others'. */
  root_group: boolean;
}

/** How a secret's file stands. What it holds is not told. */
type SecretFileStanding = { is: "missing" } | ({ is: "there" } & SecretReader);

/**
 * Files of one machine that hold one secret each, in a folder that belongs to root and is nobody else's. Errors
 * (StewardError): bad_input (outside of that folder), refused (its folder or the file lets others in), not_found (there is
 * nothing to make the folder in), and those of the shell.
 */
export interface SecretFiles {
  /** Absolute. */
  readonly folder: string;
  /** A folder that is not there yet is made with the first file. */
  look(file: string, signal?: AbortSignal): Promise<SecretFileStanding>;
}

/** What approved steps may do with them. Same errors as {@link SecretFiles}. */
export interface SecretFileChanges {
  /** All of the file or nothing of it. Errors also: conflict (Untouched: it is there already). */
  write(file: string, reader: SecretReader, value: string): Promise<void>;
  /** Only for what puts it back where it was. Errors also: not_found. */
  read(file: string): Promise<string>;
  /** Where it holds this very value, or is not there; safe to run twice. Errors also: conflict (it holds another value). */
  remove(file: string, value: string): Promise<void>;
}
