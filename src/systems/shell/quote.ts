/**
 * An argv as one line for a POSIX shell, which gives exactly these words back: each in single quotes, where nothing is
 * expanded. sshd hands commands to the login shell, so this is the only thing between a name and that shell.
 * Throws for NUL, which no argv can carry.
 */
export function quote(argv: readonly string[]): string {
  return argv.map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  if (word.includes("\0")) throw new RangeError("A word of a command can't hold NUL.");
  return `'${word.replaceAll("'", "'\\''")}'`;
}
