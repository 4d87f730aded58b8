/** Breaks a text between its words into lines of so many characters at most; a longer word keeps a line of its own. */
export function wrapped(text: string, charactersMax: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  // Spaces that columns are made of stay with the word that they stand before.
  for (const word of text.match(/\s*\S+/gu) ?? []) {
    if (line !== '' && line.length + word.length > charactersMax) {
      lines.push(line);
      line = word.trimStart();
    } else {
      line += word;
    }
  }
  return [...lines, line];
}
